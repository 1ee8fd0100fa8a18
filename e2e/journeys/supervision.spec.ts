import { readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ApiAnswer } from '@repo/runtime/testing/api-client';
import { eventually } from '../support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import { api } from '../support/gateway.js';
import { makePost, makeTask } from '../support/make.js';
import { join, type Person } from '../support/people.js';

const RECOVERY_LIMIT_MS = 45_000;

/** A call that only one service can answer. */
const CALLS = {
  auth: ({ token }: Person) => api('GET /sessions', { token }),
  users: ({ token }: Person) => api('GET /user/me', { token }),
  posts: ({ username }: Person) => api(`GET /${username}/posts`),
  jobs: ({ token }: Person) => api('GET /tasks', { token }),
};
type App = keyof typeof CALLS;
const APPS = Object.keys(CALLS) as App[];

/** The process of an app of the stack that runs for these tests. */
const processOf = (app: string): number =>
  JSON.parse(readFileSync(joinPath(process.env.STACK_DIR!, 'pids', `${app}.json`), 'utf8')).pid;

describe('an app that dies', () => {
  it.each(APPS)('costs its own routes only, and comes back: %s', async (app) => {
    const user = await join();
    await makePost(user);
    const others = APPS.filter((name) => name !== app);

    process.kill(processOf(app), 'SIGKILL');
    const away: ApiAnswer[] = [];
    const back = await eventually(
      async () => {
        for (const name of others) expect([name, (await CALLS[name](user)).status]).toEqual([name, 200]);
        const answer = await CALLS[app](user);
        if (answer.status !== 200) away.push(answer);
        return answer;
      },
      ({ status }) => status === 200 && away.length > 0,
      { timeoutMs: RECOVERY_LIMIT_MS },
    );

    expect(away.length).toBeGreaterThan(0);
    for (const answer of away) {
      expectProblem(answer, 503);
      expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
    }
    expect(back.status).toBe(200);
    await expectReady();
  });

  it('costs no task, when it is the worker', async () => {
    const { token } = await join();
    process.kill(processOf('worker'), 'SIGKILL');
    const id = await makeTask(token);
    const task = await eventually(
      async () => (await api(`GET /tasks/task/${id}`, { token })).body,
      ({ status }) => status === 'completed',
      { timeoutMs: RECOVERY_LIMIT_MS },
    );

    expect(task.status).toBe('completed');
    await expectReady();
  });
});

async function expectReady(): Promise<void> {
  const ready = await eventually(
    () => api('GET /ready'),
    ({ status }) => status === 200,
  );
  expect([ready.status, ready.body.status]).toEqual([200, 'ready']);
}
