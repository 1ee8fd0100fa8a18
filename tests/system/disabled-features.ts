// A system serves without the parts that can be disabled: node --test tests/system/disabled-features.ts
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ROOT } from '../../tools/lib/root.ts';
import { run } from '../../tools/lib/run.ts';
import { prepareCheckout } from '../../tools/lib/toolchain.ts';
import { useStack } from './suite-stack.ts';

await prepareCheckout();
// Compiled code.
const { api } = await import('../support/api.ts');
const { createUser } = await import('../support/users.ts');

const JOURNEYS = ['client', 'posts'];
// #region only with jobs
const TASK = 'POST /tasks/task?message=hello';
/** More than the default rate limit allows. */
const MANY = 12;
// #endregion

describe('without cache, rate limits, and the Redis servers of both', () => {
  const stack = useStack({ CACHE_ENABLED: 'false', RATE_LIMIT_ENABLED: 'false' });
  before(async () => {
    for (const name of ['redis-cache', 'redis-limits']) await stack().processes.get(name)?.stop();
  });
  it('the other services serve', otherServicesServe);
  // #region only with jobs
  it('tasks are not limited', async () => {
    for (let n = 0; n < MANY; n++) assert.equal((await api(TASK)).status, 201);
  });
  // #endregion
});

// #region only with jobs
describe('without a worker', () => {
  useStack({ WITHOUT_SERVICES: 'worker' });
  it('the other services serve', otherServicesServe);
  it('tasks stay queued', async () => {
    const { status, body } = await api(TASK);
    assert.equal(status, 201);
    assert.equal((await api(`GET /tasks/task/${body.id}`)).body.status, 'queued');
  });
});

describe('without the jobs service', () => {
  useStack({ WITHOUT_SERVICES: 'jobs,worker' });
  it('the other services serve', otherServicesServe);
  it('its routes return 503', async () => {
    const { status, body } = await api(TASK);
    assert.deepEqual([status, body.status], [503, 503]);
  });
});
// #endregion

async function otherServicesServe(): Promise<void> {
  assert.equal((await api('GET /ready')).status, 200);
  const { username, token } = await createUser();
  await api(`PATCH /user/${username}`, { token, body: { name: 'Ada King' } });
  assert.equal((await api(`GET /user/${username}`)).body.name, 'Ada King');
  assert.equal((await api('GET /user/me/usage', { token })).status, 200);
  await run('npm', ['--prefix', 'tests', 'run', 'e2e', '--', `/(${JOURNEYS.join('|')})\\.spec`], {
    cwd: ROOT,
  });
}
