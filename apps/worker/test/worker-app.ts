import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { SAMPLE_TASK, TASKS_QUEUE, type TaskStatus } from '@repo/contracts';
import { createApp } from '@repo/runtime/bootstrap';
import { Queue } from '@repo/runtime/queue';
import { createTestDatabase, type TestDatabase } from '@repo/runtime/testing';
import { v7 as uuidv7 } from 'uuid';
import { config } from '../src/app.config.js';
import { AppModule } from '../src/app.module.js';
import { type TaskHandler, TaskHandlers } from '../src/tasks/task-handlers.js';

/** The worker works in tables of the jobs service, which `tsc -b` of the whole repository has compiled. */
const JOBS_MIGRATIONS = join(import.meta.dirname, '../../../jobs/dist/src/database/migrations');

export interface TaskRow {
  status: TaskStatus;
  tries: number;
  result: string | null;
  error: string | null;
  started_at: Date | null;
  finished_at: Date | null;
}

export interface WorkerApp {
  nest: NestFastifyApplication;
  database: TestDatabase;
  /** Stores a task as the jobs service does. */
  aTask(task?: { name?: string; status?: TaskStatus }): Promise<Task>;
  /** Puts a task into the queue. */
  queue(task: Task): Promise<void>;
  row(task: Task): Promise<TaskRow>;
  close(): Promise<void>;
}

export interface Task {
  id: string;
  name: string;
  message: string;
  createdByUserId: number;
}

/** The worker as it runs in production, with these kinds of tasks. */
export async function startWorker(byName: Record<string, TaskHandler>): Promise<WorkerApp> {
  const database = await createTestDatabase({
    schema: { schema: 'jobs', entities: [], migrationsFolder: JOBS_MIGRATIONS },
    settings: config,
    admin: {
      user: process.env.POSTGRES_ADMIN_USER ?? '',
      password: process.env.POSTGRES_ADMIN_PASSWORD ?? '',
    },
  });
  const app = await createApp(AppModule, {
    service: 'worker',
    settings: { ...config, INTERNAL_PORT: 0 },
    create: async (module, adapter, options) => {
      const builder = Test.createTestingModule({ imports: [module] });
      const compiled = await builder.overrideProvider(TaskHandlers).useValue({ byName }).compile();
      return compiled.createNestApplication<NestFastifyApplication>(adapter, options);
    },
  });
  await app.listen();
  const queue = new Queue(TASKS_QUEUE, { host: config.REDIS_QUEUE_HOST, port: config.REDIS_QUEUE_PORT });
  return {
    nest: app.nest,
    database,
    aTask: async ({ name = SAMPLE_TASK, status = 'queued' } = {}) => {
      const task = { id: uuidv7(), name, message: 'hello', createdByUserId: randomInt(1, 2 ** 31 - 1) };
      await database.query(
        'INSERT INTO jobs.tasks (id, function, message, created_by_user_id, status) VALUES ($1, $2, $3, $4, $5)',
        [task.id, name, task.message, task.createdByUserId, status],
      );
      return task;
    },
    queue: ({ id, name, message }) => queue.addAll([{ id, name, data: { taskId: id, message } }]),
    row: async ({ id }) =>
      (await database.query<TaskRow>('SELECT * FROM jobs.tasks WHERE id = $1', [id]))[0]!,
    close: async () => {
      await queue.close();
      await app.close();
      await database.drop();
    },
  };
}
