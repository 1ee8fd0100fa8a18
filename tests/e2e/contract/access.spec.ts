import { beforeAll, describe, it } from '@jest/globals';
import { expectDocumented } from './documented.ts';
import { expectLoggedOut, expectProblem } from '../support/expectations.ts';
import { api } from '../../support/api.ts';
import { createUser } from '../../support/users.ts';
import { ALL_ROUTES, fill } from '../../support/routes.ts';

const ANYTHING = { username: 'unknownuser', name: 'nothing', tier_name: 'nothing', id: '1' };

/** Access is checked first. So these requests need no valid path or body. */
const routes = ALL_ROUTES.map(([route, access]) => ({ route, access, request: fill(route, ANYTHING) }));
const closed = routes.filter(({ access }) => access !== 'anyone');
const forSuperusers = routes.filter(({ access }) => access === 'superuser');

describe('a route that needs a token', () => {
  it.each(closed)('$route returns 401 without a token', async ({ route, request }) => {
    const response = await api(request);
    expectProblem(response, 401, 'Not authenticated');
    expectDocumented(route, response);
  });

  // Logout returns another detail.
  it.each(closed.filter(({ route }) => route !== 'POST /logout'))(
    '$route returns 401 for an invalid token',
    async ({ route, request }) => {
      const response = await api(request, { token: 'invalid' });
      expectLoggedOut(response);
      expectDocumented(route, response);
    },
  );
});

describe('a route for superusers', () => {
  let token: string;
  beforeAll(async () => {
    ({ token } = await createUser());
  });

  it.each(forSuperusers)('$route returns 403 for a user', async ({ route, request }) => {
    const response = await api(request, { token });
    expectProblem(response, 403, 'You do not have enough privileges.');
    expectDocumented(route, response);
  });
});
