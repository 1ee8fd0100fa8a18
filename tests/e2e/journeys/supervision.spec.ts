import { describe, expect, it } from '@jest/globals';
import type { ApiAnswer } from '@repo/testing/api-client';
import { eventually } from '../../support/eventually.js';
import { expectProblem } from '../../support/expectations.js';
import { api } from '../../support/gateway.js';
import { join, type Person } from '../../support/people.js';
import { expectReady, processOf, RECOVERY_LIMIT_MS } from '../../support/processes.js';

/** A call that only one service can answer. */
const CALLS = {
  auth: ({ token }: Person) => api('GET /sessions', { token }),
  users: ({ token }: Person) => api('GET /user/me', { token }),
  // #region only with posts
  posts: ({ username }: Person) => api(`GET /${username}/posts`),
  // #endregion
  // #region only with jobs
  jobs: ({ token }: Person) => api('GET /tasks', { token }),
  // #endregion
};
type App = keyof typeof CALLS;
const APPS = Object.keys(CALLS) as App[];

describe('an app that dies', () => {
  it.each(APPS)('costs its own routes only, and comes back: %s', async (app) => {
    const user = await join();
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
});
