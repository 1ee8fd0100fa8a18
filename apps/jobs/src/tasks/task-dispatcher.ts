import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { queueOf } from '@repo/contracts';
import { runDetached } from '@repo/core';
import { Queues } from '@repo/queue';
import { type DueTask, TasksRepository } from './tasks.repository.js';

const BATCH = 200;
const POLL_MS = 1_000;
/** An unfinished task is offered to the queue again after this: the queue takes it only if it does not have it. */
const CHECK_AGAIN_SECONDS = 15;
const RETRY_SECONDS = 1;

/**
 * Brings tasks from the table into the queue: at once after a commit, and again for as long as they are not finished.
 * So a queue that was away, full or wiped delays tasks, and loses none.
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
        this.logger.warn(`Tasks could not be dispatched, trying again: ${(error as Error).message}`);
      }
    }
  }

  /** One queue that does not take its tasks holds up no other. */
  private async dispatch(due: DueTask[]): Promise<void> {
    const queues = new Set(due.map((task) => queueOf(task.function)));
    const of = (queue: string) => due.filter((task) => queueOf(task.function) === queue);
    await Promise.all([...queues].map((queue) => this.fill(queue, of(queue))));
  }

  private async fill(queue: string, tasks: DueTask[]): Promise<void> {
    try {
      const jobs = tasks.map(({ function: name, ...task }) => ({ name, ...task }));
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
