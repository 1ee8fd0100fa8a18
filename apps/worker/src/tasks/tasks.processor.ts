import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { QueueWorker, type RunningJob } from '@repo/queue';
import { redisConnection } from '@repo/redis';
import { ReadinessChecks } from '@repo/service';
import { WorkerConfig } from '../app.config.js';
import { Jobs, SCHEDULES_QUEUE } from './jobs.js';
import { TasksService } from './tasks.service.js';

/** Time for running tasks to end when the process stops; after it they return to the queue. */
const CLOSE_TIMEOUT_MS = 15_000;

/** Starts a queue worker for each queue. */
@Injectable()
export class TasksProcessor implements OnApplicationBootstrap, OnApplicationShutdown {
  private workers: QueueWorker[] = [];

  constructor(
    private readonly jobs: Jobs,
    private readonly tasks: TasksService,
    private readonly readiness: ReadinessChecks,
    private readonly config: WorkerConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.workers = [
      ...this.jobs.queues.map((queue) => this.work(queue, (job) => this.tasks.run(job))),
      this.work(SCHEDULES_QUEUE, (job) => this.tasks.runSchedule(job)),
    ];
    this.readiness.register('queue', () => this.workers.forEach((worker) => worker.check()));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close(CLOSE_TIMEOUT_MS)));
  }

  private work(queue: string, handle: (job: RunningJob) => Promise<void>): QueueWorker {
    return new QueueWorker(queue, handle, {
      connection: redisConnection('QUEUE', this.config),
      concurrency: this.config.WORKER_CONCURRENCY,
      timeLimitMs: (job) => this.timeLimitSeconds(job) * 1_000,
    });
  }

  private timeLimitSeconds(job: string): number {
    return this.jobs.find(job)?.options.timeLimitSeconds ?? this.config.TASK_TIME_LIMIT_SECONDS;
  }
}
