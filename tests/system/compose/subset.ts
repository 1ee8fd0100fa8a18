// @ts-check
import assert from 'node:assert/strict';
import { eventually, timed } from './stack.ts';

const ABSENT = ['GET /api/v1/ada/posts', 'POST /api/v1/tasks/task?message=a', 'GET /api/v1/tasks'];

/**
 * Some services alone: their routes work, those of the others are 503 at once; and the gateway finds a service when
 * it comes, and when it comes back at another address.
 *
 * @param {import('./stack.ts').Stack} stack  nothing of it runs yet
 */
export async function subset(stack) {
  const { client } = stack;
  await timed('up nginx auth users', () => stack.up('nginx', 'auth', 'users'));
  const { username, token } = await client.join();
  assert.equal((await client.call('GET /api/v1/user/me', { token })).status, 200);
  assert.equal((await client.call('GET /api/v1/health')).status, 200);
  for (const route of ABSENT) {
    const since = Date.now();
    const { status, headers, body } = await client.call(/** @type {'GET /'} */ (route), { token });
    assert.deepEqual(
      [status, headers['content-type'], body.status],
      [503, 'application/problem+json', 503],
      route,
    );
    assert.ok(headers['retry-after']);
    assert.ok(Date.now() - since < 1_500, route);
  }
  console.log('what does not run is 503 as problem details, everything else works');

  await timed('up posts', () => stack.up('posts'));
  await found(stack, username, 'posts, new');
  const [first] = await stack.containers('posts');
  await stack.up('--no-recreate', '--scale', 'posts=2', 'posts');
  if (first) await stack.retire(first);
  await found(stack, username, 'posts, at another address');
}

/** @param {import('./stack.ts').Stack} stack @param {string} username @param {string} what */
async function found({ client }, username, what) {
  const route = /** @type {const} */ (`GET /api/v1/${username}/posts`);
  await timed(`the gateway finds ${what}`, () =>
    eventually(what, async () => (await client.call(route)).status === 200, 5_000),
  );
}
