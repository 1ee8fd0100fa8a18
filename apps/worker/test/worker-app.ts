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

/** The worker works in tables of the jobs service, which `tsc -b` of the whole repository has compiled. */
const JOBS_MIGRATIONS = join(import.meta.dirname, '../../../jobs/dist/src/database/migrations');

interface TaskRow {
  status: TaskStatus;
  tries: number;
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
  /** Stores a task as the jobs service does. */
  aTask(task?: Partial<StoredTask>): Promise<Task>;
  /** Puts a task into the queue. */
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
  tries: number;
  interruptions: number;
}

/** A job that does this. */
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

/** The worker as it runs in production, with these jobs. */
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
      tries = 0,
      interruptions = 0,
    } = {}) => {
      const task = { id: uuidv7(), name, createdByUserId: randomInt(1, 2 ** 31 - 1) };
      await database.query(
        `INSERT INTO jobs.tasks (id, function, payload, created_by_user_id, status, tries, interruptions)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [task.id, name, payload, task.createdByUserId, status, tries, interruptions],
      );
      return task;
    },
    queue: ({ id, name }) => queues.of(queueOf(name)).addAll([{ id, name }]),
    row: async ({ id }) =>
      (await database.query<TaskRow>('SELECT * FROM jobs.tasks WHERE id = $1', [id]))[0]!,
    close: async () => {
      await queues.close();
      await app.close();
    },
  };
}
