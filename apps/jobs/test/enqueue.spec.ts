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
  it('keeps a task with what it is to work on', async () => {
    const id = await tasks.enqueue(
      SAMPLE_TASK,
      { message: 'hello' },
      { createdByUserId: 7, priority: 'high' },
    );

    expect(await rows(id)).toMatchObject([
      {
        function: SAMPLE_TASK,
        payload: { message: 'hello' },
        created_by_user_id: 7,
        priority: 'high',
        status: 'queued',
      },
    ]);
  });

  it('makes one task of a unique key while it is unfinished, of any number of calls', async () => {
    const unique = uuidv7();
    const enqueue = () => tasks.enqueue(SAMPLE_TASK, { message: 'hello' }, { unique });

    const ids = await Promise.all(Array.from({ length: 10 }, enqueue));
    await end(ids[0]!);
    const next = await enqueue();

    expect(new Set(ids).size).toBe(1);
    expect(next).not.toBe(ids[0]);
  });

  it('does not put a delayed task into the queue before its time', async () => {
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

  it('becomes a task under the id that the asker gave it', async () => {
    const { id: createdByUserId, token } = aCaller();
    const asked = request({ createdByUserId });

    await emit(asked);

    await waitFor(async () => (await rows(asked.id)).length === 1);
    const { body } = await app.api(`GET /tasks/task/${asked.id}`, { token });
    expect(body).toMatchObject({ status: 'queued', function: SAMPLE_TASK, args: ['hello'] });
  });

  it('is none when the change that it belongs to did not happen', async () => {
    const [refused, later] = [request(), request()];

    await emit(refused, () => {
      throw new Error('No');
    }).catch(() => undefined);
    await emit(later);

    await waitFor(async () => (await rows(later.id)).length === 1);
    expect(await rows(refused.id)).toEqual([]);
  });
});
