import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiAnswer, ApiRequest } from '@repo/testing/api-client';
import { expectDocumented } from './documented.js';
import { type BadField, expectInvalid, expectProblem } from './expectations.js';
import { api } from './gateway.js';
import { fill, type RouteOf, ROUTES, type Topic } from './routes.js';

/** A request, with what stands for the braces of its route, and a query string. */
interface Call extends ApiRequest {
  path?: Record<string, string | number>;
  query?: string;
}

/** What comes back: on success a message or a body of some shape; else the text of the problem, or bad fields. */
type Outcome = string | object;

/** A route, a case, the request that makes it, the status and what comes with it. */
export type Row<T extends Topic, World> = [
  route: RouteOf<T>,
  situation: string,
  call: (world: World) => Call | Promise<Call>,
  status: number,
  outcome: Outcome,
];

/** Calls the routes of a topic, row by row. Every route must be there, with a success. */
export function testRoutes<T extends Topic, World>(
  topic: T,
  makeWorld: () => Promise<World>,
  rows: Row<T, World>[],
): void {
  describe(`the routes of ${topic}`, () => {
    let world: World;
    beforeAll(async () => {
      world = await makeWorld();
    });

    it.each(rows.map((row): [title: string, row: Row<T, World>] => [titleOf(row), row]))(
      '%s',
      async (_, [route, , call, status, outcome]) => {
        const { path = {}, query = '', ...request } = await call(world);
        const answer = await api(fill(route, path, query), request);
        expectOutcome(answer, status, outcome);
        if (status >= 400) expectDocumented(route, answer);
      },
    );

    it('are all in this table, each with a success', () => {
      const succeeding = rows.filter(([, , , status]) => status < 300).map(([route]) => route);

      expect(new Set(succeeding)).toEqual(new Set(Object.keys(ROUTES[topic])));
    });
  });
}

function expectOutcome(answer: ApiAnswer, status: number, outcome: Outcome): void {
  if (isBadFields(status, outcome)) return expectInvalid(answer, ...outcome);
  if (status >= 400) return expectProblem(answer, status, outcome as string);
  const body = typeof outcome === 'string' ? { message: outcome } : outcome;
  expect([answer.status, answer.body]).toEqual([status, body]);
}

function isBadFields(status: number, outcome: Outcome): outcome is BadField[] {
  return status === 422 && Array.isArray(outcome);
}

function titleOf<T extends Topic, World>([route, situation, , status, outcome]: Row<T, World>): string {
  const what = isBadFields(status, outcome)
    ? outcome.map(({ loc, type }) => `${loc.join('.')}: ${type}`).join(', ')
    : typeof outcome === 'string' && outcome;
  return `${route}, ${situation}: ${status}${what ? ` ${what}` : ''}`;
}
