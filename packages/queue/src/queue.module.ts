import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { RedisConnection } from '@repo/redis';
import { Queues } from './queues.js';

/** The queues that a service puts jobs into. */
@Global()
@Module({})
export class QueueModule implements OnApplicationShutdown {
  constructor(private readonly queues: Queues) {}

  static forRoot(connection: RedisConnection): DynamicModule {
    return {
      module: QueueModule,
      providers: [{ provide: Queues, useFactory: () => new Queues(connection) }],
      exports: [Queues],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queues.close();
  }
}
