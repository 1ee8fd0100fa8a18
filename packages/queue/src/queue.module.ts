import { type DynamicModule, Module } from '@nestjs/common';
import type { RedisConnection } from '@repo/redis';
import { Queues } from './queues.js';

@Module({})
export class QueueModule {
  static forRoot(connection: RedisConnection): DynamicModule {
    const queues = { provide: Queues, useFactory: () => new Queues(connection) };
    return { module: QueueModule, global: true, providers: [queues], exports: [queues] };
  }
}
