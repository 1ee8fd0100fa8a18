import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { requestContext, UnavailableError } from '@repo/core';
import { waitFor } from '@repo/core/testing';
import { RedisServer } from '@repo/redis/testing';
import { Worker } from 'bullmq';
import {
  RetryLater,
  WorkerStopping,
  Queue,
  Queues,
  QueueWorker,
  type RunningJob,
  withinLimit,
} from './index.js';

let server: RedisServer;
const closing: { close(limitMs: number): Promise<void> }[] = [];

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await RedisServer.start();
});

afterEach(closeAll);

afterAll(() => server.stop());

async function closeAll(): Promise<void> {
  await Promise.all(closing.splice(0).map((each) => each.close(1_000)));
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
  it('brings a job to a worker, under its own id', async () => {
    const { queue, work } = aQueue();
    const job = aJob();
    const seen: unknown[] = [];
    work(async ({ id, name }) => void seen.push({ id, name }));

    await queue.addAll([job]);

    await waitFor(() => seen.length > 0);
    expect(seen).toEqual([job]);
  });

  it('takes a job that it has only once', async () => {
    const { queue, work } = aQueue();
    const job = aJob();
    const last = aJob();
    const seen: string[] = [];

    await queue.addAll([job, job]);
    await queue.addAll([job, last]);
    work(async ({ id }) => void seen.push(id));

    await waitFor(() => seen.includes(last.id));
    expect(seen).toEqual([job.id, last.id]);
  });

  it('takes a job again that was done: whether that is right is for its handler to know', async () => {
    const { queue, work } = aQueue();
    const job = aJob();
    const seen: string[] = [];
    work(async ({ id }) => void seen.push(id));
    await queue.addAll([job]);
    await waitFor(() => seen.length === 1);

    await waitFor(async () => {
      await queue.addAll([job]);
      return seen.length > 1;
    });
    expect(new Set(seen)).toEqual(new Set([job.id]));
  });

  it('gives back a job that nobody has started', async () => {
    const { queue, work } = aQueue();
    const removed = aJob();
    const kept = aJob();
    const seen: string[] = [];
    await queue.addAll([removed, kept]);

    await queue.remove(removed.id);
    work(async ({ id }) => void seen.push(id));

    await waitFor(() => seen.length > 0);
    expect(seen).toEqual([kept.id]);
  });

  it('says within a second and a half that Redis is away, and takes jobs again when it is back', async () => {
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

  it('works as soon as Redis is there, though it was not when the queue was opened', async () => {
    const redis = await RedisServer.start();
    try {
      await redis.stop();
      const { queue, work } = aQueue(redis);
      const job = aJob();
      const seen: string[] = [];
      await expect(queue.addAll([job])).rejects.toBeInstanceOf(UnavailableError);

      await redis.restart();
      await waitFor(() => queue.addAll([job]).then(() => true));

      work(async ({ id }) => void seen.push(id));
      await waitFor(() => seen.length > 0);
      expect(seen).toEqual([job.id]);
    } finally {
      await closeAll(); // a worker cannot say goodbye to a Redis that is gone
      await redis.stop();
    }
  });
});

describe('a queue whose Redis is away', () => {
  it('refuses at once, after it has been found out, until it is back', async () => {
    const redis = await RedisServer.start();
    try {
      const { queue } = aQueue(redis);
      await redis.stop();
      const refusal = () => expect(queue.addAll([aJob()])).rejects.toBeInstanceOf(UnavailableError);
      for (let failure = 0; failure < 3; failure++) await refusal();

      const since = performance.now();
      for (let call = 0; call < 50; call++) await refusal();

      // Each of them would have tried to connect again.
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
  it('runs a job again that fails, for as long as it does', async () => {
    const { queue, work } = aQueue();
    let tries = 0;
    work(async () => {
      if (++tries < 6) throw new RetryLater(1, new Error('It broke'));
    });

    await queue.addAll([aJob()]);

    await waitFor(() => tries === 6, { timeoutMs: 10_000 });
  });

  it('waits before the next run as long as the handler says, and a second or less if it says nothing', async () => {
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

  it('takes what is urgent first, and the rest in its order', async () => {
    const { queue, work } = aQueue();
    const seen: string[] = [];
    const [low, first, second, high] = [aJob(), aJob(), aJob(), aJob()];

    await queue.addAll([{ ...low, priority: 'low' }, first, second, { ...high, priority: 'high' }]);
    work(async ({ id }) => void seen.push(id));

    await waitFor(() => seen.length === 4);
    expect(seen).toEqual([high, first, second, low].map(({ id }) => id));
  });

  it('runs as many jobs side by side as it may, and no more', async () => {
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

  it('tells a job when its time is up', async () => {
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

  it('runs a job in a context of its own, named after it', async () => {
    const { queue, work } = aQueue();
    const job = aJob();
    const seen: (string | undefined)[] = [];
    work(async () => void seen.push(requestContext()?.requestId));

    await queue.addAll([job]);

    await waitFor(() => seen.length > 0);
    expect(seen).toEqual([job.id]);
  });

  it('finishes what runs before it closes, and takes no more', async () => {
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

  it('hands back what does not end in time when it closes, and another worker has it at once', async () => {
    const { queue, work } = aQueue();
    const seen: unknown[] = [];
    let started = false;
    const worker = work(async ({ signal }) => {
      started = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      seen.push(signal.reason);
      throw new RetryLater(0, signal.reason);
    });
    const job = aJob();
    await queue.addAll([job]);
    await waitFor(() => started);

    await worker.close(50);
    work(async ({ id }) => void seen.push(id));

    await waitFor(() => seen.length === 2, { timeoutMs: 2_000 });
    expect(seen).toEqual([expect.any(WorkerStopping), job.id]);
  });

  it('hands back what it has fetched, but not begun, when it closes', async () => {
    const { queue, work } = aQueue();
    const seen: string[] = [];
    const worker = work(async () => void seen.push('the worker that closes'));
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
    work(async ({ id }) => void seen.push(id));

    await waitFor(() => seen.length > 0, { timeoutMs: 2_000 });
    expect(seen).toEqual([job.id]);
  });

  it('does not wait longer than told for a job that does not end', async () => {
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
  it('know the names of those that ever had a job, from whichever process', async () => {
    const [here, there] = [new Queues(server), new Queues(server)];
    closing.push(here, there);
    const name = randomUUID();

    await here.of(name).addAll([aJob()]);

    expect(await there.of('another').queueNames()).toContain(name);
    expect(here.of(name)).toBe(here.of(name));
  });
});

describe('schedules', () => {
  const EVERY_SECOND = { name: 'tick', cron: '* * * * * *', timeZone: 'UTC' };

  it('give one job per point in time, however many processes set them', async () => {
    const { queue, work } = aQueue();
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) work(async ({ id, name }) => void seen.push(`${name} ${id}`));

    for (let i = 0; i < 5; i++) await queue.setSchedules([EVERY_SECOND]);

    await waitFor(() => seen.length >= 3, { timeoutMs: 10_000 });
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen[0]).toMatch(/^tick /);
  });

  it('change, and end when they are not named any more', async () => {
    const { queue } = aQueue();
    const schedules = () => queue.use((bull) => bull.getJobSchedulers());
    await queue.setSchedules([EVERY_SECOND, { ...EVERY_SECOND, name: 'old' }]);

    await queue.setSchedules([{ name: 'tick', cron: '0 3 * * *', timeZone: 'Europe/Berlin' }]);

    expect(await schedules()).toEqual([
      expect.objectContaining({ key: 'tick', pattern: '0 3 * * *', tz: 'Europe/Berlin' }),
    ]);
  });

  it('come back after Redis was wiped', async () => {
    const { queue } = aQueue();
    await queue.setSchedules([EVERY_SECOND]);
    await queue.use((_, redis) => redis.flushall());

    await queue.setSchedules([EVERY_SECOND]);

    expect(await queue.use((bull) => bull.getJobSchedulers())).toHaveLength(1);
  });
});

describe('withinLimit', () => {
  it('is what the work comes to while there is time', async () => {
    const { signal } = new AbortController();

    expect(await withinLimit(Promise.resolve('done'), signal)).toBe('done');
    await expect(withinLimit(Promise.reject(new Error('It broke')), signal)).rejects.toThrow('It broke');
  });

  it.each([
    ['goes on', () => new Promise<never>(() => undefined)],
    [
      'stops with words of its own',
      (signal: AbortSignal) =>
        new Promise<never>((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('aborted'))),
        ),
    ],
  ])('is the reason of the signal when the work %s', async (_, work) => {
    const limit = new AbortController();

    const result = withinLimit(work(limit.signal), limit.signal);
    limit.abort(new Error('Time is up'));

    await expect(result).rejects.toThrow('Time is up');
  });

  it('does not begin to wait when there is no time left', async () => {
    const signal = AbortSignal.abort(new Error('Time is up'));

    await expect(withinLimit(new Promise(() => undefined), signal)).rejects.toThrow('Time is up');
  });
});
