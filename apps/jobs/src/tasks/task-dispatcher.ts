import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { queueOf } from '@repo/contracts';
import { runDetached } from '@repo/core';
import { Queues } from '@repo/queue';
import { type DueTask, TasksRepository } from './tasks.repository.js';

const BATCH = 200;
const POLL_MS = 1_000;
/** Unfinished tasks are added to the queue again after this time. The queue ignores those that it has. */
const CHECK_AGAIN_SECONDS = 15;
const RETRY_SECONDS = 1;

/**
 * Adds tasks of the table to the queue: immediately after their commit, and again every 15 s while they are unfinished.
 * So an unavailable, full or wiped Redis delays tasks and loses none.
 */
@Injectable()
export class TaskDispatcher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(TaskDispatcher.name);
  private stopped = false;
  private running?: Promise<void>;
  private again = false;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly tasks: TasksRepository,
    private readonly queues: Queues,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.wake(), POLL_MS);
    this.wake();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** Dispatches due tasks now. */
  wake(): void {
    this.again = true;
    if (this.stopped || this.running) return;
    this.running = runDetached(() => this.run()).finally(() => (this.running = undefined));
  }

  private async run(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      try {
        const due = await this.tasks.takeDue(BATCH, CHECK_AGAIN_SECONDS);
        if (due.length > 0) await this.dispatch(due);
        if (due.length === BATCH) this.again = true;
      } catch (error) {
        this.logger.warn(
          `Tasks could not be added to the queue; retrying in ${RETRY_SECONDS} s: ${(error as Error).message}`,
        );
      }
    }
  }

  /** Fills each queue by itself: one that refuses tasks does not delay the others. */
  private async dispatch(due: DueTask[]): Promise<void> {
    const queues = new Set(due.map((task) => queueOf(task.job)));
    const of = (queue: string) => due.filter((task) => queueOf(task.job) === queue);
    await Promise.all([...queues].map((queue) => this.fill(queue, of(queue))));
  }

  private async fill(queue: string, tasks: DueTask[]): Promise<void> {
    try {
      const jobs = tasks.map(({ job: name, ...task }) => ({ name, ...task }));
      await this.queues.of(queue).addAll(jobs);
    } catch (error) {
      await this.tasks.postpone(
        tasks.map(({ id }) => id),
        RETRY_SECONDS,
      );
      throw error;
    }
  }
}
