// A system serves without the parts that can be disabled: node --test tests/system/disabled-features.ts
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { prepareCheckout } from '../../tools/lib/toolchain.ts';
import type { Stack } from '../../tools/stack/stack.ts';
import { createStackFolder, startTestStack } from '../../tools/stack/test-stack.ts';

await prepareCheckout();
// Compiled code.
const { api } = await import('../support/api.ts');
const { createUser } = await import('../support/users.ts');

// #region only with jobs
const TASK = 'POST /tasks/task?message=hello';
/** More than the default rate limit allows. */
const MANY = 12;
// #endregion

describe('a system', () => {
  it('serves without cache, rate limits, and the Redis servers of both', async () => {
    await withStack({ CACHE_ENABLED: 'false', RATE_LIMIT_ENABLED: 'false' }, async ({ processes }) => {
      for (const name of ['redis-cache', 'redis-limits']) await processes.get(name)?.stop();

      await useEveryService();
      // #region only with jobs
      for (let n = 0; n < MANY; n++) assert.equal((await api(TASK)).status, 201);
      // #endregion
    });
  });

  // #region only with jobs
  it('serves without a worker: tasks stay queued', async () => {
    await withStack({ WITHOUT_SERVICES: 'worker' }, async () => {
      const token = await useEveryService();
      const { status, body } = await api(TASK, { token });
      assert.equal(status, 201);
      assert.equal((await api(`GET /tasks/task/${body.id}`, { token })).body.status, 'queued');
    });
  });

  it('serves without the jobs service: its routes return 503', async () => {
    await withStack({ WITHOUT_SERVICES: 'jobs,worker' }, async () => {
      const token = await useEveryService();
      const { status, body } = await api(TASK, { token });
      assert.deepEqual([status, body.status], [503, 503]);
    });
  });
  // #endregion
});

/** Creates, reads, changes and deletes as a client does. Returns the access token. */
async function useEveryService(): Promise<string> {
  assert.equal((await api('GET /ready')).status, 200);
  const { username, token } = await createUser();
  assert.equal((await api('GET /user/me', { token })).body.username, username);
  await api(`PATCH /user/${username}`, { token, body: { name: 'Ada King' } });
  assert.equal((await api(`GET /user/${username}`)).body.name, 'Ada King');
  // #region only with posts
  const titles = async () => {
    const { body } = await api(`GET /${username}/posts`);
    return body.data.map(({ title }: { title: string }) => title);
  };
  const post = { title: 'Note G', text: 'A table of numbers.' };
  const { body: created } = await api(`POST /${username}/post`, { token, body: post });
  assert.deepEqual(await titles(), ['Note G']);
  await api(`PATCH /${username}/post/${created.id}`, { token, body: { title: 'Note H' } });
  assert.deepEqual(await titles(), ['Note H']);
  await api(`DELETE /${username}/post/${created.id}`, { token });
  assert.deepEqual(await titles(), []);
  // #endregion
  assert.equal((await api('GET /user/me/usage', { token })).status, 200);
  return token;
}

async function withStack(env: Record<string, string>, work: (stack: Stack) => Promise<void>) {
  const folder = createStackFolder('disabled-features');
  try {
    const stack = await startTestStack(folder, { durable: false, env: { LOG_LEVEL: 'warn', ...env } });
    process.env.GATEWAY_URL = stack.gatewayUrl;
    try {
      await work(stack);
    } finally {
      await stack.stop();
    }
  } finally {
    folder.remove();
  }
}
