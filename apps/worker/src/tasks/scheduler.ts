import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Queues } from '@repo/queue';
import { Jobs, SCHEDULES_QUEUE } from './jobs.js';

/** Restores the schedules of a Redis that was wiped. */
const CHECK_MS = 10_000;

/**
 * Writes the schedules of the jobs to Redis at start, and those that are missing every 10 s. BullMQ gives each scheduled job to
 * one worker.
 */
@Injectable()
export class Scheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Scheduler.name);
  private timer?: NodeJS.Timeout;
  private written = false;
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
      await this.queues.of(SCHEDULES_QUEUE).setSchedules(schedules, { replace: !this.written });
      this.written = true;
    } catch (error) {
      this.logger.warn(
        `The schedules could not be written to Redis; retrying in 10 s: ${(error as Error).message}`,
      );
    }
  }
}
