import { Logger } from '@nestjs/common';
import { CircuitBreaker, type Origin, UnavailableError } from '@repo/core';
import type { RedisConnection } from '@repo/redis';
import { Queue as BullQueue, type JobsOptions } from 'bullmq';
import { Redis } from 'ioredis';

/** A job to add. The queue has no payload: the caller stores it under the id of the job. */
export interface QueuedJob {
  /** A queue holds at most one job with an id. */
  id: string;
  name: string;
  priority?: keyof typeof PRIORITY;
  /** The request that created it; the job continues its trace and logs its id. */
  origin?: Origin | null;
}

/** Adds a job at each time of a cron expression. */
export interface Schedule {
  /** Name of the schedule and of its jobs. */
  name: string;
  /** Minute, hour, day of month, month, day of week. Six fields begin with seconds. */
  cron: string;
  /** IANA time zone of the expression. */
  timeZone: string;
}

const COMMAND_TIMEOUT_MS = 1_000;
/** Longer than the processes of a version are away in a rollout. */
const SCHEDULE_KEPT_SECONDS = 3_600;
/** BullMQ runs the lowest number first. */
const PRIORITY = { high: 1, normal: 2, low: 3 };
/** A Redis set: the names of all queues that ever had a job. */
const QUEUE_NAMES_KEY = 'bull:queue-names';
const JOB_OPTIONS: JobsOptions = {
  // The worker decides the number of attempts and the pauses.
  attempts: Number.MAX_SAFE_INTEGER,
  backoff: { type: 'custom' },
  // A finished job that stayed would prevent that its task is added again while that is unfinished.
  removeOnComplete: true,
  removeOnFail: true,
};

export function connectionOptions(connection: RedisConnection) {
  return {
    ...connection,
    connectTimeout: 2_000,
    retryStrategy: (attempt: number) => Math.min(attempt * 100, 2_000),
  };
}

interface OpenQueue {
  bull: BullQueue;
  redis: Redis;
}

/** Adds jobs for workers, removes them, and sets schedules. Fails within 1.5 s while Redis is unavailable. */
export class Queue {
  private readonly logger = new Logger(Queue.name);
  private readonly breaker = new CircuitBreaker('Redis');
  private opened?: OpenQueue;

  constructor(
    private readonly name: string,
    private readonly connection: RedisConnection,
  ) {}

  /** A job whose id is in the queue already is left unchanged. @throws UnavailableError also when Redis is full */
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

  /** Removes a job that has not started. While Redis is unavailable it stays, and its handler has to skip it. */
  async remove(id: string): Promise<void> {
    await this.use((bull) => bull.remove(id)).catch((error: unknown) =>
      this.logger.debug(`Not removed: ${String(error)}`),
    );
  }

  /**
   * Adds the schedules that are missing. Several processes do it repeatedly, also of different versions: a schedule is removed
   * when no process has set it for an hour.
   *
   * @param replace also replaces those that differ: once at the start of a process, so that the version started last wins
   * @throws UnavailableError
   */
  async setSchedules(schedules: Schedule[], { replace }: { replace: boolean }): Promise<void> {
    await this.use(async (bull, redis) => {
      const present = new Map((await bull.getJobSchedulers()).map((scheduler) => [scheduler.key, scheduler]));
      for (const { name, cron, timeZone } of schedules) {
        const { pattern, tz } = present.get(name) ?? {};
        // An unchanged schedule is not written: written while it fires, it would fire twice or not at all.
        if (present.has(name) && (!replace || (pattern === cron && tz === timeZone))) continue;
        await bull.upsertJobScheduler(name, { pattern: cron, tz: timeZone }, { name, opts: JOB_OPTIONS });
      }
      const names = schedules.map(({ name }) => name);
      for (const name of await this.abandoned([...present.keys()], names, redis))
        await bull.removeJobScheduler(name);
    });
  }

  /** The present schedules that no process has set for an hour. */
  private async abandoned(present: string[], set: string[], redis: Redis): Promise<string[]> {
    const key = `bull:${this.name}:schedules-set-at`;
    const now = Number((await redis.time())[0]);
    const setAt = await redis.hgetall(key);
    // A schedule without a time is of a version that stored none.
    const seen = [...set, ...present.filter((name) => !(name in setAt))];
    if (seen.length > 0) await redis.hset(key, Object.fromEntries(seen.map((name) => [name, now])));
    const old = Object.keys(setAt).filter(
      (name) => !set.includes(name) && now - Number(setAt[name]) > SCHEDULE_KEPT_SECONDS,
    );
    if (old.length > 0) await redis.hdel(key, ...old);
    return old;
  }

  /** @throws UnavailableError */
  queueNames(): Promise<string[]> {
    return this.use((_, redis) => redis.smembers(QUEUE_NAMES_KEY));
  }

  /** @throws UnavailableError when Redis is unavailable */
  connected(): Promise<BullQueue> {
    return this.use(async (bull, redis) => {
      await redis.ping();
      return bull;
    });
  }

  /** Calls `work` with an open queue. @throws UnavailableError when it fails */
  async use<T>(work: (bull: BullQueue, redis: Redis) => Promise<T>): Promise<T> {
    try {
      return await this.breaker.run(async () => {
        const queue = (this.opened ??= this.open());
        try {
          return await work(queue.bull, queue.redis);
        } catch (error) {
          // A queue that was opened while Redis was unavailable does not recover: the next call opens a new one.
          this.drop(queue);
          throw error;
        }
      });
    } catch (cause) {
      throw new UnavailableError('The queue is unavailable.', { cause });
    }
  }

  close(): void {
    if (this.opened) this.drop(this.opened);
  }

  private open(): OpenQueue {
    // Commands wait for the connection, within their timeout.
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

  private drop({ bull, redis }: OpenQueue): void {
    if (this.opened?.bull === bull) this.opened = undefined;
    const disconnect = () => redis.disconnect();
    void bull.close().then(disconnect, disconnect);
    disconnect();
  }
}
