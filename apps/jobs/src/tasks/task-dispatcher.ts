import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { queueOf } from '@repo/contracts';
import { runDetached } from '@repo/core';
import { Queues } from '@repo/queue';
import { type DueTask, TasksRepository } from './tasks.repository.js';

const BATCH = 200;
const POLL_MS = 1_000;
const RETRY_SECONDS = 1;
/** New tasks that wait here for a slow queue. Further ones are added when their `dispatchAt` has passed. */
const MAX_CREATED = 10_000;

/**
 * Adds tasks of the table to the queue: a new one immediately after its commit, each unfinished one again whenever its
 * `dispatchAt` has passed. So an unavailable, full or wiped Redis delays tasks and loses none.
 */
@Injectable()
export class TaskDispatcher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(TaskDispatcher.name);
  private readonly created: DueTask[] = [];
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

  /** Adds a task that was created and committed now. The `dispatchAt` of its row is later, in case this fails. */
  add(task: DueTask): void {
    if (this.stopped || this.created.length === MAX_CREATED) return;
    this.created.push(task);
    this.start();
  }

  /** Adds due tasks now. */
  wake(): void {
    if (this.stopped) return;
    this.again = true;
    this.start();
  }

  private start(): void {
    this.running ??= runDetached(() => this.run()).finally(() => (this.running = undefined));
  }

  private async run(): Promise<void> {
    while (this.created.length > 0 || (this.again && !this.stopped)) {
      try {
        const due = this.again && !this.stopped ? await this.takeDue() : [];
        await this.dispatch([...due, ...this.created.splice(0, BATCH)]);
      } catch (error) {
        this.logger.warn(
          `Tasks could not be added to the queue; retrying in ${RETRY_SECONDS} s: ${(error as Error).message}`,
        );
      }
    }
  }

  private async takeDue(): Promise<DueTask[]> {
    this.again = false;
    const due = await this.tasks.takeDue(BATCH);
    if (due.length === BATCH) this.again = true;
    return due;
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
