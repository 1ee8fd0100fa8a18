import assert from 'node:assert/strict';
import type { ApiAnswer } from '@repo/testing/api-client';
import { eventually } from './eventually.js';
import { api } from './gateway.js';
import { assignTier, makeTier } from './make.js';
import { join } from './people.js';

/** Creates a task and gives its id. */
export async function makeTask(token?: string, message = 'hello'): Promise<string> {
  const answer = await api(`POST /tasks/task?message=${encodeURIComponent(message)}`, { token });
  assert.equal(answer.status, 201, answer.text);
  return answer.body.id;
}

/** So many tasks run at once, unless the worker is told otherwise. */
const SIDE_BY_SIDE = 10;

/** What somebody new has asked for, of which only a part runs. */
export interface WaitingTasks {
  token: string;
  /** Ids of those that wait for several full turns. */
  waiting: string[];
  /** Ids of those that run before them, but not next: cancel them when nobody needs to see them run. */
  between: string[];
}

/** Somebody new, who has many more tasks than run side by side. */
export async function makeWaitingTasks(admin: string): Promise<WaitingTasks> {
  const person = await join();
  const { token } = person;
  const tier = await makeTier(admin, { path: 'api/v1/tasks/task', limit: 100, period: 3600 });
  await assignTier(admin, person, tier.id);
  await Promise.all(Array.from({ length: 6 * SIDE_BY_SIDE }, () => makeTask(token)));
  const idsOf = (answer: ApiAnswer, wanted: string): string[] =>
    answer.body.data
      .filter(({ status }: { status: string }) => status === wanted)
      .map(({ id }: { id: string }) => id);
  const answer = await eventually(
    () => api('GET /tasks?items_per_page=100', { token }),
    (seen) => idsOf(seen, 'active').length === SIDE_BY_SIDE,
  );
  // Newest first: those at the end are the next to start, at any moment.
  const queued = idsOf(answer, 'queued');
  return {
    token,
    waiting: queued.slice(0, SIDE_BY_SIDE),
    between: queued.slice(SIDE_BY_SIDE, -SIDE_BY_SIDE),
  };
}
