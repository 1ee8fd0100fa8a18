import assert from 'node:assert/strict';
import { poll } from '../../../../tools/lib/poll.ts';
import { api } from '../../../support/api.ts';
import { createUser } from '../../../support/users.ts';
import { type Stack, timed } from '../stack.ts';

const ABSENT = ['GET /ada/posts', 'POST /tasks/task?message=a', 'GET /tasks'] as const;

/**
 * Starts some of the services: their routes work, and those of the others are 503 within a second. The gateway finds a
 * service that starts later, and one whose address changes.
 */
export async function subset(stack: Stack): Promise<void> {
  await timed('up nginx auth users', () => stack.up('nginx', 'auth', 'users'));
  const { username, token } = await createUser();
  assert.equal((await api('GET /user/me', { token })).status, 200);
  assert.equal((await api('GET /health')).status, 200);
  for (const route of ABSENT) {
    const since = Date.now();
    const { status, headers, body } = await api(route, { token });
    assert.deepEqual(
      [status, headers.get('Content-Type'), body.status],
      [503, 'application/problem+json', 503],
      route,
    );
    assert.ok(headers.has('Retry-After'));
    assert.ok(Date.now() - since < 1_500, route);
  }
  console.log('routes of services that do not run are 503 problem details, the others work');

  await timed('up posts', () => stack.up('posts'));
  await isFound(username, 'a new service');
  const [first] = await stack.containers('posts');
  await stack.up('--no-recreate', '--scale', 'posts=2', 'posts');
  if (first) await stack.remove(first);
  await isFound(username, 'a service at another address');
}

async function isFound(username: string, what: string): Promise<void> {
  const message = `The gateway does not find ${what}.`;
  await timed(`the gateway finds ${what}`, () =>
    poll(async () => (await api(`GET /${username}/posts`)).status === 200, { message, timeoutMs: 5_000 }),
  );
}
