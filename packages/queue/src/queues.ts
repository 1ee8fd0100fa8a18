import type { RedisConnection } from '@repo/redis';
import { Queue } from './queue.js';

/** Every queue of one Redis, opened when it is first asked for. */
export class Queues {
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly connection: RedisConnection) {}

  of(name: string): Queue {
    let queue = this.queues.get(name);
    if (!queue) this.queues.set(name, (queue = new Queue(name, this.connection)));
    return queue;
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }
}
