import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { TASKS_QUEUE } from '@repo/contracts';
import { Readiness } from '@repo/runtime/http';
import { QueueWorker } from '@repo/runtime/queue';
import { config } from '../app.config.js';
import { TasksService } from './tasks.service.js';

/** Running tasks get this long to end when the process stops; then another worker takes them over. */
const CLOSE_LIMIT_MS = 15_000;

/** Brings jobs of the queue to the service. */
@Injectable()
export class TasksProcessor implements OnApplicationBootstrap, OnApplicationShutdown {
  private worker?: QueueWorker;

  constructor(
    private readonly tasks: TasksService,
    private readonly readiness: Readiness,
  ) {}

  onApplicationBootstrap(): void {
    const worker = new QueueWorker(TASKS_QUEUE, (job) => this.tasks.run(job), {
      connection: {
        host: config.REDIS_QUEUE_HOST,
        port: config.REDIS_QUEUE_PORT,
        username: config.REDIS_USERNAME,
        password: config.REDIS_PASSWORD,
      },
      concurrency: config.WORKER_CONCURRENCY,
      timeLimitMs: config.TASK_TIME_LIMIT_SECONDS * 1_000,
    });
    this.worker = worker;
    this.readiness.register('queue', () => worker.check());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.worker?.close(CLOSE_LIMIT_MS);
  }
}
