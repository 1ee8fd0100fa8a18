import { Logger } from '@nestjs/common';
import { CircuitBreaker, type Origin, UnavailableError } from '@repo/core';
import type { RedisConnection } from '@repo/redis';
import { Queue as BullQueue, type JobsOptions } from 'bullmq';
import { Redis } from 'ioredis';

/** What the work is about is kept by whoever queued it, under the job's id. */
export interface QueuedJob {
  /** The queue holds at most one job of an id. */
  id: string;
  name: string;
  priority?: keyof typeof PRIORITY;
  /** The request that asked for it, which its log lines and its trace belong to. */
  origin?: Origin | null;
}

/** Work that comes back by the clock. */
export interface Schedule {
  /** The job that each run is of. */
  name: string;
  /** Minute, hour, day of month, month, day of week; with seconds in front if there are six. */
  cron: string;
  /** The zone that the clock is read in. */
  timeZone: string;
}

const COMMAND_TIMEOUT_MS = 1_000;
/** BullMQ's numbers: the lowest runs first, and what has none before all others. */
const PRIORITY = { high: 1, normal: 2, low: 3 };
/** The names of all queues that ever had a job. */
const QUEUE_NAMES_KEY = 'bull:queue-names';
const JOB_OPTIONS: JobsOptions = {
  // How often, and after which pause, is for the worker to say.
  attempts: Number.MAX_SAFE_INTEGER,
  backoff: { type: 'custom' },
  // The outcome is kept in Postgres. A job that stayed here would keep out the next try of a task that is not finished.
  removeOnComplete: true,
  removeOnFail: true,
};

/** ioredis options: bullmq needs blocking connections of workers to wait for ever, everything else fails fast. */
export function connectionOptions({ host, port, username, password }: RedisConnection) {
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
  private readonly breaker = new CircuitBreaker('Redis');
  private opened?: OpenQueue;

  constructor(
    private readonly name: string,
    private readonly connection: RedisConnection,
  ) {}

  /**
   * A job that is in the queue already stays as it is.
   *
   * @throws UnavailableError when Redis cannot take them
   */
  async addAll(jobs: QueuedJob[]): Promise<void> {
    await this.use(async (bull, redis) => {
      await redis.sadd(QUEUE_NAMES_KEY, this.name);
      await bull.addBulk(
        jobs.map(({ id, name, priority = 'normal', origin }) => ({
          name,
          data: { origin },
          opts: { ...JOB_OPTIONS, jobId: id, priority: PRIORITY[priority] },
        })),
      );
    });
  }

  /** Takes a job out that nobody has started; without Redis it stays, and its worker will find it cancelled. */
  async remove(id: string): Promise<void> {
    await this.use((bull) => bull.remove(id)).catch((error: unknown) =>
      this.logger.debug(`Not removed: ${String(error)}`),
    );
  }

  /**
   * Makes these the schedules of the queue: what is missing or other begins, what is not named ends. Safe to repeat,
   * and to do by several processes.
   *
   * @throws UnavailableError when Redis is away
   */
  async setSchedules(schedules: Schedule[]): Promise<void> {
    await this.use(async (bull) => {
      const present = await bull.getJobSchedulers();
      const names = new Set(schedules.map(({ name }) => name));
      for (const { key } of present) if (!names.has(key)) await bull.removeJobScheduler(key);
      for (const { name, cron, timeZone } of schedules) {
        // One that is right already is left alone: set again in the moment it fires, it would fire twice or not at all.
        if (present.some(({ key, pattern, tz }) => key === name && pattern === cron && tz === timeZone))
          continue;
        await bull.upsertJobScheduler(name, { pattern: cron, tz: timeZone }, { name, opts: JOB_OPTIONS });
      }
    });
  }

  /** The names of all queues that ever had a job. @throws UnavailableError when Redis is away */
  queueNames(): Promise<string[]> {
    return this.use((_, redis) => redis.smembers(QUEUE_NAMES_KEY));
  }

  /** The queue as BullMQ has it, for whoever shows it. @throws UnavailableError when Redis is away */
  reached(): Promise<BullQueue> {
    return this.use(async (bull, redis) => {
      await redis.ping();
      return bull;
    });
  }

  /** @throws UnavailableError when Redis is away */
  async use<T>(work: (bull: BullQueue, redis: Redis) => Promise<T>): Promise<T> {
    try {
      return await this.breaker.run(async () => {
        const queue = (this.opened ??= this.open());
        try {
          return await work(queue.bull, queue.redis);
        } catch (error) {
          // A queue that could not reach Redis when it was opened keeps failing: the next call opens another one.
          this.drop(queue);
          throw error;
        }
      });
    } catch (cause) {
      throw new UnavailableError('The queue is away.', { cause });
    }
  }

  async close(): Promise<void> {
    if (this.opened) this.drop(this.opened);
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
