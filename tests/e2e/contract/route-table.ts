import { beforeAll, describe, expect, it } from '@jest/globals';
import { api, type ApiAnswer, type ApiRequest } from '../../support/api.ts';
import { fill, type RouteOf, ROUTES, type Topic } from '../../support/routes.ts';
import { expectDocumented } from './documented.ts';
import { type BadField, expectInvalid, expectProblem } from '../support/expectations.ts';

/** A request, with the parameters of its path and a query string. */
interface Call extends ApiRequest {
  path?: Record<string, string | number>;
  query?: string;
}

/** Of a success: a message, or the exact shape of the body. Of an error: its detail, or its invalid fields. */
type Expected = string | object;

export type Row<T extends Topic, Fixture> = [
  route: RouteOf<T>,
  /** Completes "returns 200 for …". */
  condition: string,
  call: (fixture: Fixture) => Call | Promise<Call>,
  status: number,
  expected: Expected,
];

/** Tests the routes of a topic, row by row. Every route must have a row with a success. */
export function testRoutes<T extends Topic, Fixture>(
  topic: T,
  createFixture: () => Promise<Fixture>,
  rows: Row<T, Fixture>[],
): void {
  describe(`the routes of ${topic}`, () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await createFixture();
    });

    it.each(rows.map((row): [title: string, row: Row<T, Fixture>] => [titleOf(row), row]))(
      '%s',
      async (_, [route, , call, status, expected]) => {
        const { path = {}, query = '', ...request } = await call(fixture);
        const response = await api(fill(route, path, query), request);
        expectAnswer(response, status, expected);
        if (status >= 400) expectDocumented(route, response);
      },
    );

    it('all have a row with a success', () => {
      const succeeding = rows.filter(([, , , status]) => status < 300).map(([route]) => route);

      expect(new Set(succeeding)).toEqual(new Set(Object.keys(ROUTES[topic])));
    });
  });
}

function expectAnswer(response: ApiAnswer, status: number, expected: Expected): void {
  if (areBadFields(status, expected)) return expectInvalid(response, ...expected);
  if (status >= 400) return expectProblem(response, status, expected as string);
  const body = typeof expected === 'string' ? { message: expected } : expected;
  expect([response.status, response.body]).toEqual([status, body]);
}

function areBadFields(status: number, expected: Expected): expected is BadField[] {
  return status === 422 && Array.isArray(expected);
}

function titleOf<T extends Topic, Fixture>([route, condition, , status, expected]: Row<T, Fixture>): string {
  const details = areBadFields(status, expected)
    ? expected.map(({ loc, type }) => `${loc.join('.')}: ${type}`).join(', ')
    : typeof expected === 'string' && expected;
  return `${route} returns ${status} for ${condition}${details ? ` (${details})` : ''}`;
}
