import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ReplicaBus } from '@repo/messaging';
import { CACHE_REDIS, RedisClient, redisConnection, RedisModule, type RedisSettings } from '@repo/redis';
import { CacheInterceptor } from './cache.interceptor.js';
import { Cache } from './cache.js';

export interface CacheSettings extends RedisSettings<'CACHE'> {
  service: string;
  CACHE_ENABLED: boolean;
  /** During a rollout two versions run: neither reads the entries of the other. */
  APP_VERSION: string;
}

/** Provides `Cache`, and implements `@Cached` and `@Invalidates`. */
@Global()
@Module({})
export class CacheModule {
  static forRoot(settings: CacheSettings): DynamicModule {
    const connection = redisConnection('CACHE', settings);
    const options = {
      service: settings.service,
      build: settings.APP_VERSION,
      enabled: settings.CACHE_ENABLED,
    };
    return {
      module: CacheModule,
      // A disabled cache does not connect to Redis.
      imports: options.enabled ? [RedisModule.forRoot(CACHE_REDIS, connection)] : [],
      providers: [
        {
          provide: Cache,
          useFactory: (bus: ReplicaBus, client = new RedisClient(connection)) =>
            new Cache(client, bus, options),
          inject: [ReplicaBus, { token: CACHE_REDIS, optional: true }],
        },
        { provide: APP_INTERCEPTOR, useClass: CacheInterceptor },
      ],
      exports: [Cache],
    };
  }
}
