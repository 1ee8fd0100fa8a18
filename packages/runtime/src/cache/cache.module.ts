import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ReplicaBus } from '../messaging/index.js';
import { CACHE_REDIS, RedisClient, type RedisConnection, RedisModule } from '../redis/index.js';
import { CacheInterceptor } from './cache.interceptor.js';
import { Cache, type CacheOptions } from './cache.js';

/** `Cache`, `@Cached` and `@Invalidates` for a service, on the Redis that is named here. */
@Global()
@Module({})
export class CacheModule {
  static forRoot({ redis, ...options }: CacheOptions & { redis: RedisConnection }): DynamicModule {
    const enabled = options.enabled ?? true;
    return {
      module: CacheModule,
      // Switched off, it needs no Redis and dials none.
      imports: enabled ? [RedisModule.forRoot(CACHE_REDIS, redis)] : [],
      providers: [
        {
          provide: Cache,
          useFactory: (bus: ReplicaBus, client = new RedisClient(redis)) => new Cache(client, bus, options),
          inject: [ReplicaBus, { token: CACHE_REDIS, optional: true }],
        },
        { provide: APP_INTERCEPTOR, useClass: CacheInterceptor },
      ],
      exports: [Cache],
    };
  }
}
