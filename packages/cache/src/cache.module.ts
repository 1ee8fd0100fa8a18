import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ReplicaBus } from '@repo/messaging';
import { CACHE_REDIS, RedisClient, redisConnection, RedisModule, type RedisSettings } from '@repo/redis';
import { CacheInterceptor } from './cache.interceptor.js';
import { Cache } from './cache.js';

export interface CacheSettings extends RedisSettings<'CACHE'> {
  service: string;
  CACHE_ENABLED: boolean;
  /** While two versions run side by side, neither reads what the other has kept. */
  APP_VERSION: string;
}

/** `Cache`, `@Cached` and `@Invalidates` for a service. */
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
      // Switched off, it needs no Redis and dials none.
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
