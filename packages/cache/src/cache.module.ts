import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ReplicaBus } from '@repo/messaging';
import { RedisClient, redisConnection, type RedisSettings } from '@repo/redis';
import { Cache } from './cache.js';
import { ResponseIndex } from './response-index.js';

export const CACHE_REDIS = Symbol('CACHE_REDIS');

interface CacheSettings extends RedisSettings<'CACHE'> {
  service: string;
  CACHE_ENABLED: boolean;
  /** During a rollout two versions run: neither reads the entries of the other. */
  APP_VERSION: string;
}

@Global()
@Module({})
export class CacheModule {
  static forRoot(settings: CacheSettings): DynamicModule {
    const connection = redisConnection('CACHE', settings);
    const { service, APP_VERSION: build, CACHE_ENABLED: enabled } = settings;
    return {
      module: CacheModule,
      providers: [
        // A disabled cache does not connect to Redis.
        ...(enabled ? [{ provide: CACHE_REDIS, useFactory: () => new RedisClient(connection) }] : []),
        {
          provide: Cache,
          useFactory: (bus: ReplicaBus, client = new RedisClient(connection)) =>
            new Cache(client, bus, { service, build, enabled }),
          inject: [ReplicaBus, { token: CACHE_REDIS, optional: true }],
        },
        ResponseIndex,
      ],
      exports: [Cache, ResponseIndex],
    };
  }
}
