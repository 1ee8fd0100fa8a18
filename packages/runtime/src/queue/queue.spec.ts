import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { requestContext } from '../context/index.js';
import { UnavailableError } from '../errors/index.js';
import { RedisServer } from '../testing/redis-server.js';
import { waitFor } from '../testing/wait-for.js';
import { Queue, QueueWorker, type RunningJob, withinLimit } from './index.js';

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
    const worker = new QueueWorker(name, handle, { connection: { host, port }, concurrency, timeLimitMs });
    closing.push(worker);
    return worker;
  };
  return { queue, work };
}

const aJob = (id = randomUUID()) => ({ id, name: 'work', data: { message: 'hello' } });

describe('Queue', () => {
  it('brings a job to a worker, under its own id', async () => {
    const { queue, work } = aQueue();
    const job = aJob();
    const seen: unknown[] = [];
    work(
      async ({ id, name, data, attempt, lastAttempt }) =>
        void seen.push({ id, name, data, attempt, lastAttempt }),
    );

    await queue.addAll([job]);

    await waitFor(() => seen.length > 0);
    expect(seen).toEqual([{ ...job, attempt: 1, lastAttempt: false }]);
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

describe('QueueWorker', () => {
  it('tries three times, and knows the last', async () => {
    const { queue, work } = aQueue();
    const tries: [number, boolean][] = [];
    work(async ({ attempt, lastAttempt }) => {
      tries.push([attempt, lastAttempt]);
      throw new Error('It broke');
    });

    await queue.addAll([aJob()]);

    await waitFor(() => tries.length === 3, { timeoutMs: 10_000 });
    expect(tries).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
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
