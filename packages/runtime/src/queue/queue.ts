import { Logger } from '@nestjs/common';
import { Queue as BullQueue, type JobsOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { UnavailableError } from '../errors/index.js';

export interface QueueConnection {
  host: string;
  port: number;
  /** Empty: connect without credentials. */
  username?: string;
  password?: string;
}

export interface QueuedJob {
  /** The queue holds at most one job of an id. */
  id: string;
  name: string;
  data: unknown;
}

const COMMAND_TIMEOUT_MS = 1_000;
const JOB_OPTIONS: JobsOptions = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1_000 },
  // The outcome is kept in Postgres. A job that stayed here would keep out the next try of a task that is not finished.
  removeOnComplete: true,
  removeOnFail: true,
};

/** ioredis options: bullmq needs blocking connections of workers to wait for ever, everything else fails fast. */
export function connectionOptions({ host, port, username, password }: QueueConnection) {
  return {
    host,
    port,
    ...(username && { username, password }),
    connectTimeout: 2_000,
    retryStrategy: (attempt: number) => Math.min(attempt * 100, 2_000),
  };
}

interface OpenQueue {
  bull: BullQueue;
  redis: Redis;
}

/** Where jobs are put for the workers. */
export class Queue {
  private readonly logger = new Logger(Queue.name);
  private opened?: OpenQueue;

  constructor(
    private readonly name: string,
    private readonly connection: QueueConnection,
  ) {}

  /**
   * A job that is in the queue already stays as it is.
   *
   * @throws UnavailableError when Redis cannot take them
   */
  async addAll(jobs: QueuedJob[]): Promise<void> {
    await this.use((bull) =>
      bull.addBulk(jobs.map(({ id, name, data }) => ({ name, data, opts: { ...JOB_OPTIONS, jobId: id } }))),
    );
  }

  /** Takes a job out that nobody has started; without Redis it stays, and its worker will find it cancelled. */
  async remove(id: string): Promise<void> {
    await this.use((bull) => bull.remove(id)).catch((error: unknown) =>
      this.logger.debug(`Not removed: ${String(error)}`),
    );
  }

  async close(): Promise<void> {
    if (this.opened) this.drop(this.opened);
  }

  private async use<T>(work: (bull: BullQueue) => Promise<T>): Promise<T> {
    const queue = (this.opened ??= this.open());
    try {
      return await work(queue.bull);
    } catch (cause) {
      // A queue that could not reach Redis when it was opened keeps failing: the next call opens another one.
      this.drop(queue);
      throw new UnavailableError('The queue is away.', { cause });
    }
  }

  private open(): OpenQueue {
    // Commands wait for the connection, but no longer than they may take in all.
    const redis = new Redis({
      ...connectionOptions(this.connection),
      maxRetriesPerRequest: 1,
      commandTimeout: COMMAND_TIMEOUT_MS,
    });
    const bull = new BullQueue(this.name, { connection: redis, skipWaitingForReady: true });
    for (const source of [redis, bull])
      source.on('error', (error: Error) => this.logger.debug(error.message));
    return { bull, redis };
  }

  /** The connection is ours, so that it ends at once, whatever the queue still waits for. */
  private drop(queue: OpenQueue): void {
    if (this.opened === queue) this.opened = undefined;
    const hangUp = () => queue.redis.disconnect();
    void queue.bull.close().then(hangUp, hangUp);
    hangUp();
  }
}
