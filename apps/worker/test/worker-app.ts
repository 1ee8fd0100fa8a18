import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { queueOf, SAMPLE_TASK, type TaskStatus } from '@repo/contracts';
import { Queues } from '@repo/queue';
import { redisConnection } from '@repo/redis';
import { createTestApp, type TestDatabase } from '@repo/testing';
import { v7 as uuidv7 } from 'uuid';
import { WorkerConfig } from '../src/app.config.js';
import { AppModule } from '../src/app.module.js';
import { Job, type JobHandler, type JobOptions } from '../src/tasks/job.decorator.js';
import { Jobs } from '../src/tasks/jobs.js';

/** Migrations of the service jobs, compiled. */
const JOBS_MIGRATIONS = join(import.meta.dirname, '../../../jobs/dist/src/database/migrations');

interface TaskRow {
  status: TaskStatus;
  attempts: number;
  failures: number;
  progress: number;
  result: string | null;
  error: string | null;
  started_at: Date | null;
  finished_at: Date | null;
}

export interface WorkerApp {
  nest: NestFastifyApplication;
  database: TestDatabase;
  /** Inserts a task as the service jobs does. */
  aTask(task?: Partial<StoredTask>): Promise<Task>;
  /** Adds a task to its queue. */
  queue(task: Task): Promise<void>;
  row(task: Task): Promise<TaskRow>;
  close(): Promise<void>;
}

export interface Task {
  id: string;
  name: string;
  createdByUserId: number;
}

interface StoredTask {
  name: string;
  status: TaskStatus;
  payload: object;
  attempts: number;
  interruptions: number;
}

/** A job with these options and this `run`. */
export function aJob<Payload extends object>(
  options: JobOptions<Payload>,
  run: JobHandler<Payload>['run'],
): object {
  class TestJob implements JobHandler<Payload> {
    readonly run = run;
  }
  Job(options)(TestJob);
  return new TestJob();
}

/** Starts the worker with these jobs. */
export async function startWorker(...jobs: object[]): Promise<WorkerApp> {
  const app = await createTestApp(AppModule, WorkerConfig, {
    schema: { schema: 'jobs', entities: [], migrationsFolder: JOBS_MIGRATIONS },
    fakes: [[Jobs, new Jobs(jobs)]],
  });
  const { config, database } = app;
  const queues = new Queues(redisConnection('QUEUE', config));
  return {
    nest: app.nest,
    database,
    aTask: async ({
      name = SAMPLE_TASK,
      payload = {},
      status = 'queued',
      attempts = 0,
      interruptions = 0,
    } = {}) => {
      const task = { id: uuidv7(), name, createdByUserId: randomInt(1, 2 ** 31 - 1) };
      await database.query(
        `INSERT INTO jobs.tasks (id, job, payload, created_by_user_id, status, attempts, interruptions)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [task.id, name, payload, task.createdByUserId, status, attempts, interruptions],
      );
      return task;
    },
    queue: ({ id, name }) => queues.of(queueOf(name)).addAll([{ id, name }]),
    row: async ({ id }) =>
      (await database.query<TaskRow>('SELECT * FROM jobs.tasks WHERE id = $1', [id]))[0]!,
    close: async () => {
      queues.onApplicationShutdown();
      await app.close();
    },
  };
}
