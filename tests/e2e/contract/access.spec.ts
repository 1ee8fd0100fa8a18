import { beforeAll, describe, it } from '@jest/globals';
import { expectDocumented } from '../../support/documented.js';
import { expectLoggedOut, expectProblem } from '../../support/expectations.js';
import { api } from '../../support/gateway.js';
import { join } from '../../support/people.js';
import { ALL_ROUTES, fill } from '../../support/routes.js';

const ANYTHING = { username: 'nobodyatall', name: 'nothing', tier_name: 'nothing', id: '1' };

/** Who calls is looked at before anything else of a well-formed request: paths and bodies here are no good. */
const routes = ALL_ROUTES.map(([route, access]) => ({ route, access, request: fill(route, ANYTHING) }));
const closed = routes.filter(({ access }) => access !== 'anyone');
const forSuperusers = routes.filter(({ access }) => access === 'superuser');

describe('a route that is not for anyone', () => {
  it.each(closed)('$route asks for a token', async ({ route, request }) => {
    const answer = await api(request);
    expectProblem(answer, 401, 'Not authenticated');
    expectDocumented(route, answer);
  });

  // Logging out has a text of its own for this.
  it.each(closed.filter(({ route }) => route !== 'POST /logout'))(
    '$route refuses a token that is none',
    async ({ route, request }) => {
      const answer = await api(request, { token: 'nonsense' });
      expectLoggedOut(answer);
      expectDocumented(route, answer);
    },
  );
});

describe('a route for superusers', () => {
  let token: string;
  beforeAll(async () => {
    ({ token } = await join());
  });

  it.each(forSuperusers)('$route refuses a user', async ({ route, request }) => {
    const answer = await api(request, { token });
    expectProblem(answer, 403, 'You do not have enough privileges.');
    expectDocumented(route, answer);
  });
});
