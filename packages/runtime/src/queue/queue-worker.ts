import { Logger } from '@nestjs/common';
import { type Job, Worker } from 'bullmq';
import { runInContext } from '../context/index.js';
import { connectionOptions, type QueueConnection } from './queue.js';

/** What a worker is given: `signal` fires when the job's time is up, and `withinLimit` holds to it. */
export interface RunningJob {
  id: string;
  name: string;
  data: unknown;
  /** From 1. */
  attempt: number;
  lastAttempt: boolean;
  signal: AbortSignal;
}

export interface QueueWorkerOptions {
  connection: QueueConnection;
  concurrency: number;
  /** After this the signal of a job fires. */
  timeLimitMs: number;
}

/** A worker that died stops renewing its jobs' locks; after this others take them over. */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 5_000;
/** A job that outlives many deploys in the middle of its run is no poison. */
const MAX_STALLED = 20;
/** To say goodbye to Redis. */
const HANG_UP_MS = 1_000;

/** Takes jobs from a queue, a bounded number at a time. */
export class QueueWorker {
  private readonly logger = new Logger(QueueWorker.name);
  private readonly worker: Worker;
  private readonly running = new Set<Promise<void>>();

  constructor(name: string, handle: (job: RunningJob) => Promise<void>, options: QueueWorkerOptions) {
    this.worker = new Worker(name, (job: Job) => this.run(job, handle, options.timeLimitMs), {
      connection: { ...connectionOptions(options.connection), maxRetriesPerRequest: null },
      concurrency: options.concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLED,
    });
    this.worker.on('error', (error) => this.logger.debug(error.message));
    this.worker.on('failed', (job, error) =>
      this.logger.warn(`Job ${job?.id}, try ${job?.attemptsMade}: ${error.message}`),
    );
  }

  /** @throws when the worker is not connected */
  check(): void {
    if (!this.worker.isRunning()) throw new Error('the worker does not run');
  }

  /** Takes no more jobs and waits for those that run; what does not end in time is taken over by another worker. */
  async close(limitMs: number): Promise<void> {
    await this.worker.pause(true);
    const ended = await endsWithin(Promise.allSettled(this.running), limitMs);
    // Forced, it stops renewing the locks of what still runs, which lets others have it.
    await endsWithin(this.worker.close(!ended), HANG_UP_MS);
  }

  private async run(
    job: Job,
    handle: (job: RunningJob) => Promise<void>,
    timeLimitMs: number,
  ): Promise<void> {
    const running = runJob(job, handle, timeLimitMs);
    this.running.add(running);
    try {
      await running;
    } finally {
      this.running.delete(running);
    }
  }
}

async function endsWithin(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<false>((resolve) => (timer = setTimeout(resolve, limitMs, false)));
  try {
    return await Promise.race([work.then(() => true), limit]);
  } finally {
    clearTimeout(timer);
  }
}

async function runJob(
  job: Job,
  handle: (job: RunningJob) => Promise<void>,
  timeLimitMs: number,
): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(new Error(`The time limit of ${timeLimitMs} ms is over`)),
    timeLimitMs,
  );
  const attempt = job.attemptsMade + 1;
  const running: RunningJob = {
    id: job.id!,
    name: job.name,
    data: job.data as unknown,
    attempt,
    lastAttempt: attempt >= (job.opts.attempts ?? 1),
    signal: limit.signal,
  };
  try {
    await runInContext({ requestId: running.id }, () => handle(running));
  } finally {
    clearTimeout(timer);
  }
}

/** What `work` comes to; the reason of `signal` when that fires first, even if `work` does not listen to it. */
export async function withinLimit<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const over = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([over, work]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
