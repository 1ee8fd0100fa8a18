import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Queues } from '@repo/queue';
import { Jobs, SCHEDULES_QUEUE } from './jobs.js';

/** A Redis that was wiped has its schedules again after this at most. */
const CHECK_MS = 10_000;

/** Keeps the schedules of the jobs in Redis, which hands each run to one worker. */
@Injectable()
export class Scheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Scheduler.name);
  private timer?: NodeJS.Timeout;
  private checking?: Promise<void>;

  constructor(
    private readonly jobs: Jobs,
    private readonly queues: Queues,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.check(), CHECK_MS);
    this.check();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.checking;
  }

  private check(): void {
    this.checking ??= this.setSchedules().finally(() => (this.checking = undefined));
  }

  private async setSchedules(): Promise<void> {
    const schedules = this.jobs.all.flatMap(({ options: { name, schedule } }) =>
      schedule ? [{ name, cron: schedule.cron, timeZone: schedule.timeZone ?? 'UTC' }] : [],
    );
    try {
      await this.queues.of(SCHEDULES_QUEUE).setSchedules(schedules);
    } catch (error) {
      this.logger.warn(`The schedules could not be set, trying again: ${(error as Error).message}`);
    }
  }
}
