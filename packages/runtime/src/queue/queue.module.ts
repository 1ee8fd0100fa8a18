import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Queue, type QueueConnection } from './queue.js';

/** The queue that a service puts jobs into. */
@Global()
@Module({})
export class QueueModule implements OnApplicationShutdown {
  constructor(private readonly queue: Queue) {}

  static forRoot(name: string, connection: QueueConnection): DynamicModule {
    return {
      module: QueueModule,
      providers: [{ provide: Queue, useFactory: () => new Queue(name, connection) }],
      exports: [Queue],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue.close();
  }
}
