import { beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from '../../support/expectations.js';
import { api } from '../../support/gateway.js';
import { superuser } from '../../support/people.js';
import { ROUTES } from '../../support/routes.js';

const services = Object.keys(ROUTES.operations).flatMap(
  (route) => /^GET \/admin\/(\w+)\/dead_letters$/.exec(route)?.[1] ?? [],
);

describe.each(services)('the dead letters of %s', (service) => {
  let token: string;
  beforeAll(async () => {
    token = await superuser();
  });

  it('are a list, by number and by cursor', async () => {
    const byNumber = await api(`GET /admin/${service}/dead_letters`, { token });
    const byCursor = await api(`GET /admin/${service}/dead_letters?cursor=`, { token });

    expect([byNumber.status, byNumber.body]).toEqual([
      200,
      { data: [], total_count: 0, has_more: false, page: 1, items_per_page: 10 },
    ]);
    expect([byCursor.status, byCursor.body]).toEqual([200, { data: [], next_cursor: null, has_more: false }]);
  });

  it('that are not there are 404', async () => {
    const path = `/admin/${service}/dead_letters/2147483647` as const;

    expectProblem(await api(`GET ${path}`, { token }), 404, 'Dead letter not found');
    expectProblem(await api(`POST ${path}/replay`, { token }), 404, 'Dead letter not found');
  });
});
