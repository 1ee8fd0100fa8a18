import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type JobRequested, SAMPLE_TASK } from '@repo/contracts';
import { Database } from '@repo/database';
import { waitFor } from '@repo/testing';
import { v7 as uuidv7 } from 'uuid';
import { TasksService } from '../src/tasks/tasks.service.js';
import { aCaller, type JobsApp, startJobs } from './jobs-app.js';

let app: JobsApp;
let tasks: TasksService;

beforeAll(async () => {
  app = await startJobs();
  tasks = app.nest.get(TasksService);
});

afterAll(() => app.close());

const rows = (id: string) => app.database.query('SELECT * FROM jobs.tasks WHERE id = $1', [id]);
const end = (id: string) =>
  app.database.query(`UPDATE jobs.tasks SET status = 'completed', finished_at = now() WHERE id = $1`, [id]);

describe('tasks.enqueue', () => {
  it('inserts a task with its payload and options', async () => {
    const id = await tasks.enqueue(
      SAMPLE_TASK,
      { message: 'hello' },
      { createdByUserId: 7, priority: 'high' },
    );

    expect(await rows(id)).toMatchObject([
      {
        job: SAMPLE_TASK,
        payload: { message: 'hello' },
        created_by_user_id: 7,
        priority: 'high',
        status: 'queued',
      },
    ]);
  });

  it('creates one task of a unique key while it is unfinished', async () => {
    const unique = uuidv7();
    const enqueue = () => tasks.enqueue(SAMPLE_TASK, { message: 'hello' }, { unique });

    const ids = await Promise.all(Array.from({ length: 10 }, enqueue));
    await end(ids[0]!);
    const next = await enqueue();

    expect(new Set(ids).size).toBe(1);
    expect(next).not.toBe(ids[0]);
  });

  it('sets the dispatch time of a delayed task to its earliest start', async () => {
    const id = await tasks.enqueue(SAMPLE_TASK, { message: 'later' }, { delaySeconds: 3_600 });
    const [row] = await rows(id);
    const { body } = await app.api(`GET /tasks/task/${id}`);

    expect((row!.dispatch_at as Date).getTime() - (row!.enqueued_at as Date).getTime()).toBe(3_600_000);
    expect(body.score).toBe(Date.parse(body.enqueue_time) + 3_600_000);
  });
});

describe('the event job.requested', () => {
  const request = (data: Partial<Pick<JobRequested, 'createdByUserId'>> = {}): JobRequested => ({
    id: uuidv7(),
    name: SAMPLE_TASK,
    payload: { message: 'hello' },
    createdByUserId: null,
    ...data,
  });
  const emit = (data: JobRequested, then?: () => never) =>
    app.nest.get(Database).transaction(async (tx) => {
      await tx.emit('job.requested', data);
      then?.();
    });

  it('creates a task with the id of the event', async () => {
    const { id: createdByUserId, token } = aCaller();
    const requested = request({ createdByUserId });

    await emit(requested);

    await waitFor(async () => (await rows(requested.id)).length === 1);
    const { body } = await app.api(`GET /tasks/task/${requested.id}`, { token });
    expect(body).toMatchObject({ status: 'queued', function: SAMPLE_TASK, args: ['hello'] });
  });

  it('creates no task when the transaction of the event is rolled back', async () => {
    const [refused, later] = [request(), request()];

    await emit(refused, () => {
      throw new Error('No');
    }).catch(() => undefined);
    await emit(later);

    await waitFor(async () => (await rows(later.id)).length === 1);
    expect(await rows(refused.id)).toEqual([]);
  });
});
