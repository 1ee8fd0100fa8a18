import { beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/expectations.ts';
import { api } from '../../support/api.ts';
import { adminToken } from '../../support/users.ts';
import { ROUTES } from '../../support/routes.ts';

const services = Object.keys(ROUTES.operations).flatMap(
  (route) => /^GET \/admin\/(\w+)\/dead_letters$/.exec(route)?.[1] ?? [],
);

describe.each(services)('the dead letters of %s', (service) => {
  let token: string;
  beforeAll(async () => {
    token = await adminToken();
  });

  it('are listed by page and by cursor', async () => {
    const byPage = await api(`GET /admin/${service}/dead_letters`, { token });
    const byCursor = await api(`GET /admin/${service}/dead_letters?cursor=`, { token });

    expect([byPage.status, byPage.body]).toEqual([
      200,
      { data: [], total_count: 0, has_more: false, page: 1, items_per_page: 10 },
    ]);
    expect([byCursor.status, byCursor.body]).toEqual([200, { data: [], next_cursor: null, has_more: false }]);
  });

  it('return 404 for an unknown id', async () => {
    const path = `/admin/${service}/dead_letters/2147483647` as const;

    expectProblem(await api(`GET ${path}`, { token }), 404, 'Dead letter not found');
    expectProblem(await api(`POST ${path}/replay`, { token }), 404, 'Dead letter not found');
  });
});
