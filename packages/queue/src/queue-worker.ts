import { Logger } from '@nestjs/common';
import { type Origin, type RequestContext, traceparentOf } from '@repo/core';
import { runInSpan } from '@repo/observability';
import type { RedisConnection } from '@repo/redis';
import { type Job, Worker } from 'bullmq';
import { backOffMs } from './back-off.js';
import { connectionOptions } from './queue.js';

/** What a worker is given: `signal` fires when it has to stop, and `withinLimit` holds to it. */
export interface RunningJob {
  id: string;
  name: string;
  signal: AbortSignal;
  /** Shows in the dashboard how far it has come, in per cent. */
  showProgress(percent: number): Promise<void>;
}

/** Thrown by a handler: the job comes again, not before this pause. Anything else it throws brings it back as well. */
export class RetryLater extends Error {
  constructor(
    readonly inMs: number,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Why the signal of a job fires when its worker stops: another one shall have it, and it is not the job's fault. */
export class WorkerStopping extends Error {
  constructor() {
    super('The worker stops');
  }
}

export interface QueueWorkerOptions {
  connection: RedisConnection;
  concurrency: number;
  /** After this the signal of a job fires. */
  timeLimitMs: (job: string) => number;
}

/** A worker that died stops renewing its jobs' locks; after this, and one check more, others take them over. */
const LOCK_MS = 8_000;
const STALLED_CHECK_MS = 3_000;
/** First pause after a failure that is not the job's own. */
const BACK_OFF_MS = 1_000;
/** To let go of jobs, and to say goodbye to Redis. */
const HANG_UP_MS = 1_000;

/** Takes jobs from a queue, a bounded number at a time. */
export class QueueWorker {
  private readonly logger = new Logger(QueueWorker.name);
  private readonly worker: Worker;
  private readonly running = new Map<Promise<void>, AbortController>();
  private closing = false;

  constructor(name: string, handle: (job: RunningJob) => Promise<void>, options: QueueWorkerOptions) {
    this.worker = new Worker(name, (job: Job) => this.run(job, handle, options.timeLimitMs(job.name)), {
      connection: { ...connectionOptions(options.connection), maxRetriesPerRequest: null },
      concurrency: options.concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      // Who handles the jobs counts for itself how often their process died.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      settings: {
        backoffStrategy: (attempts, _type, error) =>
          error instanceof RetryLater ? error.inMs : backOffMs(attempts, BACK_OFF_MS),
      },
    });
    this.worker.on('error', (error) => this.logger.debug(error.message));
    this.worker.on('failed', (job, error) => this.logger.warn(`${job?.name} ${job?.id}: ${error.message}`));
  }

  /** @throws when the worker is not connected */
  check(): void {
    if (!this.worker.isRunning()) throw new Error('the worker does not run');
  }

  /** Takes no more jobs and waits for those that run; what does not end in time is handed back to the queue. */
  async close(limitMs: number): Promise<void> {
    this.closing = true;
    await endsWithin(this.worker.pause(true), HANG_UP_MS);
    if (!(await endsWithin(this.settled(), limitMs))) {
      for (const job of this.running.values()) job.abort(new WorkerStopping());
      await endsWithin(this.settled(), HANG_UP_MS);
    }
    // Forced, it stops renewing the locks of what still runs, which lets others have it.
    await endsWithin(this.worker.close(this.running.size > 0), HANG_UP_MS);
  }

  private settled(): Promise<unknown> {
    return Promise.allSettled(this.running.keys());
  }

  private async run(
    job: Job,
    handle: (job: RunningJob) => Promise<void>,
    timeLimitMs: number,
  ): Promise<void> {
    // It was fetched as the worker began to close.
    if (this.closing) throw new RetryLater(0, new WorkerStopping());
    const stop = new AbortController();
    const over = () => stop.abort(new Error(`The time limit of ${timeLimitMs} ms is over`));
    const timer = setTimeout(over, timeLimitMs);
    const running = runInSpan(job.name, 'consumer', contextOf(job), () =>
      handle({
        id: job.id!,
        name: job.name,
        signal: stop.signal,
        showProgress: (percent) => job.updateProgress(percent),
      }),
    );
    this.running.set(running, stop);
    try {
      await running;
    } finally {
      clearTimeout(timer);
      this.running.delete(running);
    }
  }
}

/** Of the request that asked for the job; a job that nobody asked for stands for itself. */
function contextOf({ id, data }: Job<{ origin?: Origin | null }>): RequestContext {
  const { requestId, traceparent } = data.origin ?? { requestId: id! };
  return { requestId, traceparent: traceparentOf(traceparent), jobId: id };
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
