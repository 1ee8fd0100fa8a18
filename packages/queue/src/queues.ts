import type { OnApplicationShutdown } from '@nestjs/common';
import type { RedisConnection } from '@repo/redis';
import { Queue } from './queue.js';

/** The queues of one Redis, by name. */
export class Queues implements OnApplicationShutdown {
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly connection: RedisConnection) {}

  of(name: string): Queue {
    const queue = this.queues.get(name) ?? new Queue(name, this.connection);
    this.queues.set(name, queue);
    return queue;
  }

  onApplicationShutdown(): void {
    for (const queue of this.queues.values()) queue.close();
  }
}
