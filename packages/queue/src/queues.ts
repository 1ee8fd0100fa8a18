import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { expectServer, type RedisConnection } from '@repo/redis';
import { Queue } from './queue.js';

/** The queues of one Redis, by name. */
export class Queues implements OnModuleInit, OnApplicationShutdown {
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly connection: RedisConnection) {}

  /** @throws StartError when Redis refuses the account */
  async onModuleInit(): Promise<void> {
    await expectServer(this.connection);
  }

  of(name: string): Queue {
    const queue = this.queues.get(name) ?? new Queue(name, this.connection);
    this.queues.set(name, queue);
    return queue;
  }

  onApplicationShutdown(): void {
    for (const queue of this.queues.values()) queue.close();
  }
}
