import { type DynamicModule, Global, Module } from '@nestjs/common';
import { RedisClient, type RedisConnection } from './redis-client.js';

export const CACHE_REDIS = Symbol('CACHE_REDIS');
export const RATE_LIMIT_REDIS = Symbol('RATE_LIMIT_REDIS');

/** Provides a client under a token: `RedisModule.forRoot(CACHE_REDIS, connection)`. */
@Global()
@Module({})
export class RedisModule {
  static forRoot(token: symbol, connection: RedisConnection): DynamicModule {
    return {
      module: RedisModule,
      providers: [{ provide: token, useFactory: () => new RedisClient(connection) }],
      exports: [token],
    };
  }
}
