// @ts-check
// What a system may do without is left out, and the rest has to serve: node --test tests/system/opt-outs.ts
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createStackFolder, startTestStack } from '../../tools/stack/test-stack.ts';
import { compile } from '../../tools/lib/toolchain.ts';

// #region only with jobs
const TASK = 'POST /tasks/task?message=hello';
/** More than the default limit admits. */
const MANY = 12;
// #endregion

before(() => compile());

describe('a system', () => {
  it('serves without cache, without limits, and without a Redis for either', async () => {
    await withSystem({ CACHE_ENABLED: 'false', RATE_LIMIT_ENABLED: 'false' }, async ({ call, stack }) => {
      for (const name of ['redis-cache', 'redis-limits']) await stack.processes.get(name)?.stop();

      await walkThrough(call);
      // #region only with jobs
      for (let n = 0; n < MANY; n++) assert.equal((await call(TASK)).status, 201);
      // #endregion
    });
  });

  // #region only with jobs
  it('serves without a worker: tasks wait', async () => {
    await withSystem({ WITHOUT_SERVICES: 'worker' }, async ({ call }) => {
      const token = await walkThrough(call);
      const { status, body } = await call(TASK, { token });
      assert.equal(status, 201);
      assert.equal((await call(`GET /tasks/task/${body.id}`, { token })).body.status, 'queued');
    });
  });

  it('serves without the jobs service, whose routes are 503', async () => {
    await withSystem({ WITHOUT_SERVICES: 'jobs,worker' }, async ({ call }) => {
      const token = await walkThrough(call);
      const { status, body } = await call(TASK, { token });
      assert.deepEqual([status, body.status], [503, 503]);
    });
  });
  // #endregion
});

/**
 * What every service does, as a client uses it. Returns the token of a session.
 *
 * @param {Call} call
 */
async function walkThrough(call) {
  const user = {
    name: 'Ada Lovelace',
    username: 'ada',
    email: 'ada@example.com',
    password: 'engine-of-analysis',
  };
  assert.equal((await call('GET /ready')).status, 200);
  assert.equal((await call('POST /user', { body: user })).status, 201);
  const login = await call('POST /login', { form: { username: user.username, password: user.password } });
  const token = login.body.access_token;
  assert.equal((await call('GET /user/me', { token })).body.username, 'ada');

  await call('PATCH /user/ada', { token, body: { name: 'Ada King' } });
  assert.equal((await call('GET /user/ada')).body.name, 'Ada King');
  // #region only with posts
  const titles = async () => {
    const { body } = await call('GET /ada/posts');
    return body.data.map((/** @type {{ title: string }} */ post) => post.title);
  };
  const post = { title: 'Note G', text: 'A table of numbers.' };
  const { body: created } = await call('POST /ada/post', { token, body: post });
  assert.deepEqual(await titles(), ['Note G']);
  await call(`PATCH /ada/post/${created.id}`, { token, body: { title: 'Note H' } });
  assert.deepEqual(await titles(), ['Note H']);
  await call(`DELETE /ada/post/${created.id}`, { token });
  assert.deepEqual(await titles(), []);
  // #endregion
  assert.equal((await call('GET /user/me/usage', { token })).status, 200);
  return token;
}

/**
 * @typedef {(route: string, request?: { body?: unknown, form?: Record<string, string>, token?: string }) =>
 *   Promise<{ status: number, body: any }>} Call
 *
 * @param {Record<string, string>} env
 * @param {(system: { call: Call, stack: import('../../tools/stack/stack.ts').Stack }) => Promise<void>} work
 */
async function withSystem(env, work) {
  const folder = createStackFolder('opt-outs');
  try {
    const stack = await startTestStack(folder, { durable: false, env: { LOG_LEVEL: 'warn', ...env } });
    try {
      await work({ stack, call: caller(`${stack.gatewayUrl}/api/v1`) });
    } finally {
      await stack.stop();
    }
  } finally {
    folder.remove();
  }
}

/** @param {string} baseUrl @returns {Call} */
function caller(baseUrl) {
  return async (route, { body, form, token } = {}) => {
    const [method, path] = route.split(' ');
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: form ? new URLSearchParams(form) : body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
}
