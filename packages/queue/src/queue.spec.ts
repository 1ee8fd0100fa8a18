import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { requestContext, UnavailableError } from '@repo/core';
import { waitFor } from '@repo/core/testing';
import { RedisServer } from '@repo/redis/testing';
import { Worker } from 'bullmq';
import {
  abortable,
  Queue,
  Queues,
  QueueWorker,
  RetryLater,
  type RunningJob,
  WorkerStopping,
} from './index.js';

let server: RedisServer;
const closing: { close(timeoutMs: number): void | Promise<void> }[] = [];

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await RedisServer.start();
});

afterEach(closeAll);

afterAll(() => server.stop());

async function closeAll(): Promise<void> {
  await Promise.all(closing.splice(0).map(async (each) => each.close(1_000)));
}

function aQueue({ host, port }: { host: string; port: number } = server) {
  const name = randomUUID();
  const queue = new Queue(name, { host, port });
  closing.push(queue);
  const work = (
    handle: (job: RunningJob) => Promise<void>,
    { concurrency = 1, timeLimitMs = 5_000 } = {},
  ) => {
    const worker = new QueueWorker(name, handle, {
      connection: { host, port },
      concurrency,
      timeLimitMs: () => timeLimitMs,
    });
    closing.push(worker);
    return worker;
  };
  return { queue, work };
}

const aJob = (id = randomUUID()) => ({ id, name: 'work' });

describe('Queue', () => {
  it('gives a job to a worker, with its id and name', async () => {
    const { queue, work } = aQueue();
    const job = aJob();
    const executed: unknown[] = [];
    work(async ({ id, name }) => void executed.push({ id, name }));

    await queue.addAll([job]);

    await waitFor(() => executed.length > 0);
    expect(executed).toEqual([job]);
  });

  it('adds a job once while it is in the queue', async () => {
    const { queue, work } = aQueue();
    const job = aJob();
    const last = aJob();
    const executed: string[] = [];

    await queue.addAll([job, job]);
    await queue.addAll([job, last]);
    work(async ({ id }) => void executed.push(id));

    await waitFor(() => executed.includes(last.id));
    expect(executed).toEqual([job.id, last.id]);
  });

  it('adds a job again after it was executed', async () => {
    const { queue, work } = aQueue();
    const job = aJob();
    const executed: string[] = [];
    work(async ({ id }) => void executed.push(id));
    await queue.addAll([job]);
    await waitFor(() => executed.length === 1);

    await waitFor(async () => {
      await queue.addAll([job]);
      return executed.length > 1;
    });
    expect(new Set(executed)).toEqual(new Set([job.id]));
  });

  it('removes a job that has not started', async () => {
    const { queue, work } = aQueue();
    const removed = aJob();
    const kept = aJob();
    const executed: string[] = [];
    await queue.addAll([removed, kept]);

    await queue.remove(removed.id);
    work(async ({ id }) => void executed.push(id));

    await waitFor(() => executed.length > 0);
    expect(executed).toEqual([kept.id]);
  });

  it('throws within 1.5 s while Redis is unavailable, and adds jobs again after it', async () => {
    const redis = await RedisServer.start();
    try {
      const { queue } = aQueue(redis);
      await queue.addAll([aJob()]);
      await redis.stop();

      const start = performance.now();
      await expect(queue.addAll([aJob()])).rejects.toBeInstanceOf(UnavailableError);
      expect(performance.now() - start).toBeLessThan(1_500);
      await expect(queue.remove(randomUUID())).resolves.toBeUndefined();

      await redis.restart();
      await waitFor(() => queue.addAll([aJob()]).then(() => true));
    } finally {
      await redis.stop();
    }
  });

  it('adds jobs after Redis becomes available, when it was unavailable at the first call', async () => {
    const redis = await RedisServer.start();
    try {
      await redis.stop();
      const { queue, work } = aQueue(redis);
      const job = aJob();
      const executed: string[] = [];
      await expect(queue.addAll([job])).rejects.toBeInstanceOf(UnavailableError);

      await redis.restart();
      await waitFor(() => queue.addAll([job]).then(() => true));

      work(async ({ id }) => void executed.push(id));
      await waitFor(() => executed.length > 0);
      expect(executed).toEqual([job.id]);
    } finally {
      await closeAll(); // before Redis: a worker that cannot reach it does not close
      await redis.stop();
    }
  });
});

describe('Queue while its circuit breaker is open', () => {
  it('throws without a connection attempt, until Redis is available again', async () => {
    const redis = await RedisServer.start();
    try {
      const { queue } = aQueue(redis);
      await redis.stop();
      const refusal = () => expect(queue.addAll([aJob()])).rejects.toBeInstanceOf(UnavailableError);
      for (let failure = 0; failure < 3; failure++) await refusal();

      const since = performance.now();
      for (let call = 0; call < 50; call++) await refusal();

      expect(performance.now() - since).toBeLessThan(1_000);
      await redis.restart();
      await waitFor(() => queue.addAll([aJob()]).then(() => true));
    } finally {
      await closeAll();
      await redis.stop();
    }
  });
});

describe('QueueWorker', () => {
  it('executes a job again as long as it fails', async () => {
    const { queue, work } = aQueue();
    let attempts = 0;
    work(async () => {
      if (++attempts < 6) throw new RetryLater(1, new Error('It broke'));
    });

    await queue.addAll([aJob()]);

    await waitFor(() => attempts === 6, { timeoutMs: 10_000 });
  });

  it('waits for the time of RetryLater before the next attempt, and up to 1 s after another error', async () => {
    const { queue, work } = aQueue();
    const at: number[] = [];
    work(async () => {
      at.push(performance.now());
      if (at.length === 1) throw new RetryLater(300, new Error('It broke'));
      if (at.length === 2) throw new Error('It broke');
    });

    await queue.addAll([aJob()]);

    await waitFor(() => at.length === 3, { timeoutMs: 10_000 });
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(290);
    expect(at[2]! - at[1]!).toBeGreaterThanOrEqual(490);
  });

  it('executes jobs by priority, and jobs of one priority in their order', async () => {
    const { queue, work } = aQueue();
    const executed: string[] = [];
    const [low, first, second, high] = [aJob(), aJob(), aJob(), aJob()];

    await queue.addAll([{ ...low, priority: 'low' }, first, second, { ...high, priority: 'high' }]);
    work(async ({ id }) => void executed.push(id));

    await waitFor(() => executed.length === 4);
    expect(executed).toEqual([high, first, second, low].map(({ id }) => id));
  });

  it('executes up to `concurrency` jobs at the same time', async () => {
    const { queue, work } = aQueue();
    let running = 0;
    let most = 0;
    let done = 0;
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    work(
      async () => {
        most = Math.max(most, ++running);
        if (most === 3) open();
        await gate;
        running--;
        done++;
      },
      { concurrency: 3 },
    );

    await queue.addAll(Array.from({ length: 9 }, () => aJob()));

    await waitFor(() => done === 9);
    expect(most).toBe(3);
  });

  it('aborts the signal of a job when its time limit is over', async () => {
    const { queue, work } = aQueue();
    const reasons: string[] = [];
    work(
      async ({ signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        reasons.push((signal.reason as Error).message);
      },
      { timeLimitMs: 20 },
    );

    await queue.addAll([aJob()]);

    await waitFor(() => reasons.length > 0);
    expect(reasons).toEqual(['The time limit of 20 ms is over']);
  });

  it('executes a job without an origin in a context with its id as request id', async () => {
    const { queue, work } = aQueue();
    const job = aJob();
    const requestIds: (string | undefined)[] = [];
    work(async () => void requestIds.push(requestContext()?.requestId));

    await queue.addAll([job]);

    await waitFor(() => requestIds.length > 0);
    expect(requestIds).toEqual([job.id]);
  });

  it('waits for running jobs when it closes, and takes no more', async () => {
    const { queue, work } = aQueue();
    const started: string[] = [];
    let finish!: () => void;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const worker = work(async ({ id }) => {
      started.push(id);
      await finished;
    });
    const [first, second] = [aJob(), aJob()];
    await queue.addAll([first, second]);
    await waitFor(() => started.length > 0);

    const closed = worker.close(5_000);
    finish();
    await closed;

    expect(started).toEqual([first.id]);
    expect(() => worker.check()).toThrow('the worker does not run');
  });

  it('returns a job to the queue that does not end before it closes, for another worker', async () => {
    const { queue, work } = aQueue();
    const executed: unknown[] = [];
    let started = false;
    const worker = work(async ({ signal }) => {
      started = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      executed.push(signal.reason);
      throw new RetryLater(0, signal.reason);
    });
    const job = aJob();
    await queue.addAll([job]);
    await waitFor(() => started);

    await worker.close(50);
    work(async ({ id }) => void executed.push(id));

    await waitFor(() => executed.length === 2, { timeoutMs: 2_000 });
    expect(executed).toEqual([expect.any(WorkerStopping), job.id]);
  });

  it('returns a job to the queue that it has fetched and not started when it closes', async () => {
    const { queue, work } = aQueue();
    const executed: string[] = [];
    const worker = work(async () => void executed.push('executed by the worker that closes'));
    const job = aJob();
    let closed: Promise<void> | undefined;
    const { emit } = Worker.prototype;
    const fetched = jest.spyOn(Worker.prototype, 'emit').mockImplementation(function (
      this: Worker,
      ...event
    ) {
      if (event[0] === 'active') closed ??= worker.close(5_000);
      return emit.apply(this, event);
    });

    await queue.addAll([job]);
    await waitFor(() => closed !== undefined);
    fetched.mockRestore();
    await closed;
    work(async ({ id }) => void executed.push(id));

    await waitFor(() => executed.length > 0, { timeoutMs: 2_000 });
    expect(executed).toEqual([job.id]);
  });

  it('closes after the timeout when a job does not end', async () => {
    const { queue, work } = aQueue();
    let started = false;
    const worker = work(
      async ({ signal }) => {
        started = true;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
      { timeLimitMs: 500 },
    );
    await queue.addAll([aJob()]);
    await waitFor(() => started);

    const start = performance.now();
    await worker.close(50);

    expect(performance.now() - start).toBeLessThan(400);
  });
});

describe('Queues', () => {
  it('lists the names of all queues that ever had a job, those of other processes included', async () => {
    const [here, there] = [new Queues(server), new Queues(server)];
    for (const queues of [here, there]) closing.push({ close: () => queues.onApplicationShutdown() });
    const name = randomUUID();

    await here.of(name).addAll([aJob()]);

    expect(await there.of('another').queueNames()).toContain(name);
    expect(here.of(name)).toBe(here.of(name));
  });
});

describe('Queue.setSchedules', () => {
  const RESTORE = { replace: false };
  const EVERY_SECOND = { name: 'tick', cron: '* * * * * *', timeZone: 'UTC' };

  it('adds one job per time, when several processes set the schedule', async () => {
    const { queue, work } = aQueue();
    const executed: string[] = [];
    for (let i = 0; i < 3; i++) work(async ({ id, name }) => void executed.push(`${name} ${id}`));

    for (let i = 0; i < 5; i++) await queue.setSchedules([EVERY_SECOND], RESTORE);

    await waitFor(() => executed.length >= 3, { timeoutMs: 10_000 });
    expect(new Set(executed).size).toBe(executed.length);
    expect(executed[0]).toMatch(/^tick /);
  });

  describe('with other versions beside it', () => {
    const AT_START = { replace: true };
    const NIGHTLY = { name: 'tick', cron: '0 3 * * *', timeZone: 'Europe/Berlin' };
    const OTHER = { ...EVERY_SECOND, name: 'other' };
    const patterns = async (queue: Queue) =>
      (await queue.use((bull) => bull.getJobSchedulers())).map(({ key, pattern }) => [key, pattern]).sort();

    it('keeps the schedules that another version knows', async () => {
      const { queue } = aQueue();
      await queue.setSchedules([OTHER], AT_START);

      await queue.setSchedules([NIGHTLY], AT_START);

      expect(await patterns(queue)).toEqual([
        ['other', OTHER.cron],
        ['tick', NIGHTLY.cron],
      ]);
    });

    it('replaces a schedule at the start, and only then', async () => {
      const { queue } = aQueue();
      await queue.setSchedules([EVERY_SECOND], AT_START);

      await queue.setSchedules([NIGHTLY], AT_START);
      await queue.setSchedules([EVERY_SECOND], RESTORE);

      expect(await patterns(queue)).toEqual([['tick', NIGHTLY.cron]]);
    });

    it('removes a schedule that no process has set for an hour', async () => {
      const { queue } = aQueue();
      await queue.setSchedules([NIGHTLY, OTHER], AT_START);
      const hoursAgo = Math.floor(Date.now() / 1000) - 7_200;
      await queue.use((bull, redis) => redis.hset(`bull:${bull.name}:schedules-set-at`, { other: hoursAgo }));

      await queue.setSchedules([NIGHTLY], RESTORE);

      expect(await patterns(queue)).toEqual([['tick', NIGHTLY.cron]]);
    });
  });

  it('restores the schedules of a Redis that was wiped', async () => {
    const { queue } = aQueue();
    await queue.setSchedules([EVERY_SECOND], RESTORE);
    await queue.use((_, redis) => redis.flushall());

    await queue.setSchedules([EVERY_SECOND], RESTORE);

    expect(await queue.use((bull) => bull.getJobSchedulers())).toHaveLength(1);
  });
});

describe('abortable', () => {
  it('settles as the work does while the signal is not aborted', async () => {
    const { signal } = new AbortController();

    expect(await abortable(Promise.resolve('done'), signal)).toBe('done');
    await expect(abortable(Promise.reject(new Error('It broke')), signal)).rejects.toThrow('It broke');
  });

  it.each([
    ['continues', () => new Promise<never>(() => undefined)],
    [
      'rejects with an error of its own',
      (signal: AbortSignal) =>
        new Promise<never>((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('aborted'))),
        ),
    ],
  ])('rejects with the reason of the signal when the work %s', async (_, work) => {
    const limit = new AbortController();

    const result = abortable(work(limit.signal), limit.signal);
    limit.abort(new Error('Time is up'));

    await expect(result).rejects.toThrow('Time is up');
  });

  it('rejects immediately when the signal is aborted already', async () => {
    const signal = AbortSignal.abort(new Error('Time is up'));

    await expect(abortable(new Promise(() => undefined), signal)).rejects.toThrow('Time is up');
  });
});
