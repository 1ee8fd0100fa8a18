import { Logger } from '@nestjs/common';
import { InFlight, type Origin, type RequestContext, traceparentOf, withDeadline } from '@repo/core';
import { runInSpan } from '@repo/observability';
import type { RedisConnection } from '@repo/redis';
import { type Job, Worker } from 'bullmq';
import { backOffMs } from './back-off.js';
import { connectionOptions } from './queue.js';

export interface RunningJob {
  id: string;
  name: string;
  /** Aborted when the time limit is over, or when the worker stops (`WorkerStopping`). */
  signal: AbortSignal;
  /** Shows the progress in the dashboard, in per cent. */
  showProgress(percent: number): Promise<void>;
}

/** Thrown by a handler to set the pause before the job is executed again. After any other error the pause is a back-off. */
export class RetryLater extends Error {
  constructor(
    readonly inMs: number,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Reason of the signal of a job whose worker stops. The job is not at fault, and another worker executes it. */
export class WorkerStopping extends Error {
  constructor() {
    super('The worker stops');
  }
}

type Handle = (job: RunningJob) => Promise<void>;

interface QueueWorkerOptions {
  connection: RedisConnection;
  concurrency: number;
  /** The time limit of a job, by its name. Its signal is aborted after it. */
  timeLimitMs: (name: string) => number;
}

/** The lock of a job whose worker died expires after this time; the next check gives the job to another worker. */
const LOCK_MS = 8_000;
const STALLED_CHECK_MS = 3_000;
/** First pause after an error that is not `RetryLater`. */
const BACK_OFF_MS = 1_000;
/** Time for aborted jobs to end, and for each command to Redis during the stop. */
const STOP_STEP_MS = 1_000;

/** Executes the jobs of a queue, a limited number at the same time. */
export class QueueWorker {
  private readonly logger = new Logger(QueueWorker.name);
  private readonly worker: Worker;
  private readonly inFlight = new InFlight();
  private readonly stop = new AbortController();
  private stopping = false;

  constructor(name: string, handle: Handle, options: QueueWorkerOptions) {
    this.worker = new Worker(name, (job: Job) => this.run(job, handle, options.timeLimitMs(job.name)), {
      connection: { ...connectionOptions(options.connection), maxRetriesPerRequest: null },
      concurrency: options.concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      // Unlimited: the handler counts how often a process died during its job.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      settings: {
        backoffStrategy: (attempts, _type, error) =>
          error instanceof RetryLater ? error.inMs : backOffMs(attempts, BACK_OFF_MS),
      },
    });
    this.worker.on('error', (error) => this.logger.debug(error.message));
    this.worker.on('failed', (job, error) => this.logger.warn(`${job?.name} ${job?.id}: ${error.message}`));
  }

  check(): void {
    if (!this.worker.isRunning()) throw new Error('the worker does not run');
  }

  /** Takes no more jobs and waits for the running ones. After `timeoutMs` it returns them to the queue. */
  async close(timeoutMs: number): Promise<void> {
    this.stopping = true;
    await withDeadline(this.worker.pause(true), STOP_STEP_MS);
    await this.inFlight.settled(timeoutMs);
    this.stop.abort(new WorkerStopping());
    await this.inFlight.settled(STOP_STEP_MS);
    // A forced close stops the renewal of locks, so that other workers get the jobs that still run.
    await withDeadline(this.worker.close(this.inFlight.size > 0), STOP_STEP_MS);
  }

  private async run(job: Job, handle: Handle, timeLimitMs: number): Promise<void> {
    // BullMQ fetched the job before it was paused.
    if (this.stopping) throw new RetryLater(0, new WorkerStopping());
    const limit = new AbortController();
    const abort = () => limit.abort(new Error(`The time limit of ${timeLimitMs} ms is over`));
    const timer = setTimeout(abort, timeLimitMs);
    const running: RunningJob = {
      id: job.id!,
      name: job.name,
      signal: AbortSignal.any([limit.signal, this.stop.signal]),
      showProgress: (percent) => job.updateProgress(percent),
    };
    try {
      await this.inFlight.track(runInSpan(job.name, 'consumer', contextOf(job), () => handle(running)));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The context of the request that created the job. A job of a schedule has a context of its own. */
function contextOf({ id, data }: Job<{ origin?: Origin | null }>): RequestContext {
  const { requestId, traceparent } = data.origin ?? { requestId: id! };
  return { requestId, traceparent: traceparentOf(traceparent), jobId: id };
}
