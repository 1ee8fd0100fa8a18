import { describe, expect, it } from '@jest/globals';
import { api, type ApiAnswer } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';
import { createUser, type User } from '../../support/users.ts';
import { expectProblem } from '../support/expectations.ts';
import { expectReady, processOf, RECOVERY_LIMIT_MS } from '../support/processes.ts';

/** A request to each service. */
const REQUESTS = {
  auth: ({ token }: User) => api('GET /sessions', { token }),
  users: ({ token }: User) => api('GET /user/me', { token }),
  // #region only with posts
  posts: ({ username }: User) => api(`GET /${username}/posts`),
  // #endregion
  // #region only with jobs
  jobs: ({ token }: User) => api('GET /tasks', { token }),
  // #endregion
};
type Service = keyof typeof REQUESTS;
const SERVICES = Object.keys(REQUESTS) as Service[];

describe('a service that is killed', () => {
  it.each(SERVICES)('makes only its own routes unavailable, and is restarted: %s', async (service) => {
    const user = await createUser();
    const others = SERVICES.filter((name) => name !== service);

    process.kill(processOf(service), 'SIGKILL');
    const refusals: ApiAnswer[] = [];
    const last = await eventually(
      async () => {
        for (const name of others) expect([name, (await REQUESTS[name](user)).status]).toEqual([name, 200]);
        const response = await REQUESTS[service](user);
        if (response.status !== 200) refusals.push(response);
        return response;
      },
      ({ status }) => status === 200 && refusals.length > 0,
      { timeoutMs: RECOVERY_LIMIT_MS },
    );

    expect(refusals.length).toBeGreaterThan(0);
    for (const response of refusals) {
      expectProblem(response, 503);
      expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
    }
    expect(last.status).toBe(200);
    await expectReady();
  });
});
