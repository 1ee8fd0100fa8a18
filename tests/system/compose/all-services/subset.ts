import assert from 'node:assert/strict';
import { poll } from '../../../../tools/lib/poll.ts';
import { step } from '../../../../tools/lib/progress.ts';
import { api } from '../../../support/api.ts';
import { createUser } from '../../../support/users.ts';
import type { Stack } from '../stack.ts';

const ABSENT = ['GET /ada/posts', 'POST /tasks/task?message=a', 'GET /tasks'] as const;
const ABSENT_LIMIT_MS = 1_500;
const FOUND_LIMIT_MS = 5_000;

/**
 * Starts some of the services: their routes work, and those of the others are 503 immediately. The gateway finds a
 * service that starts later, and one whose address changes.
 */
export async function subset(stack: Stack): Promise<void> {
  await step('up nginx auth users', () => stack.up('nginx', 'auth', 'users'));
  const { username, token } = await createUser();
  assert.equal((await api('GET /user/me', { token })).status, 200);
  assert.equal((await api('GET /health')).status, 200);
  for (const route of ABSENT) {
    const since = Date.now();
    assert.equal((await api(route, { token })).status, 503, route);
    assert.ok(Date.now() - since < ABSENT_LIMIT_MS, route);
  }

  await step('up posts', () => stack.up('posts'));
  await isFound(username, 'a new service');
  const [first] = await stack.containers('posts');
  await stack.scale(2, 'posts');
  if (first) await stack.remove(first);
  await isFound(username, 'a service at another address');
}

async function isFound(username: string, what: string): Promise<void> {
  const message = `The gateway does not find ${what}.`;
  const isServed = async () => (await api(`GET /${username}/posts`)).status === 200;
  await step(`the gateway finds ${what}`, () => poll(isServed, { message, timeoutMs: FOUND_LIMIT_MS }));
}
