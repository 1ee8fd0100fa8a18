import assert from 'node:assert/strict';
import type { Schemas } from '@repo/api-client';
import { api } from './api.ts';
import { eventually } from './eventually.ts';
import { assignTier, createTier } from './tiers.ts';
import { createUser, type User } from './users.ts';

/** Creates a task and returns its id. */
export async function createTask(token?: string, message = 'hello'): Promise<string> {
  const response = await api(`POST /tasks/task?message=${encodeURIComponent(message)}`, { token });
  assert.equal(response.status, 201, response.text);
  return response.body.id;
}

/** Creates a user who may create this many tasks in an hour. */
export async function createUserWithTasks(admin: string, limit: number): Promise<User> {
  const user = await createUser();
  const tier = await createTier(admin, { path: 'api/v1/tasks/task', limit, period: 3600 });
  await assignTier(admin, user, tier.id);
  return user;
}

/** The default of WORKER_CONCURRENCY. */
export const CONCURRENCY = 10;

/** Tasks of a new user, more than the worker runs at a time. */
export interface WaitingTasks {
  token: string;
  /** Ids of tasks that start last. */
  waiting: string[];
  /** Ids of tasks that start before those, but not next: a test that does not need them cancels them. */
  between: string[];
}

/** Creates a user and six times as many tasks as run at a time. */
export async function createWaitingTasks(admin: string): Promise<WaitingTasks> {
  const { token } = await createUserWithTasks(admin, 100);
  await Promise.all(Array.from({ length: 6 * CONCURRENCY }, () => createTask(token)));
  const idsOf = (tasks: Schemas['TaskRead'][], wanted: string) =>
    tasks.filter(({ status }) => status === wanted).map(({ id }) => id);
  const tasks = await eventually(
    async (): Promise<Schemas['TaskRead'][]> =>
      (await api('GET /tasks?items_per_page=100', { token })).body.data,
    (list) => idsOf(list, 'active').length === CONCURRENCY,
  );
  // The list begins with the newest: the tasks at its end start next.
  const queued = idsOf(tasks, 'queued');
  return {
    token,
    waiting: queued.slice(0, CONCURRENCY),
    between: queued.slice(CONCURRENCY, -CONCURRENCY),
  };
}
