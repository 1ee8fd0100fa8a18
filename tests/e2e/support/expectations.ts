import { expect } from '@jest/globals';
import type { ApiAnswer } from '../../support/api.ts';

/** An entry of `errors` in a 422. */
export interface BadField {
  loc: (string | number)[];
  type: string;
}

/** The answer is problem details with this status and, if given, this detail. */
export function expectProblem(response: ApiAnswer, status: number, detail?: string): void {
  expect([response.status, response.body.detail]).toEqual([status, detail ?? expect.any(String)]);
  expect(response.headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  expect(response.body).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    status,
    instance: expect.stringMatching(/^\//),
    request_id: response.headers.get('X-Request-Id'),
  });
}

/** The answer refuses exactly these fields, in any order. */
export function expectInvalid(response: ApiAnswer, ...fields: BadField[]): void {
  expectProblem(response, 422);
  const expected = fields.map((field) => ({ ...field, msg: expect.any(String) }));
  expect([...response.body.errors].sort(byPlace)).toEqual(expected.sort(byPlace));
}

const byPlace = (a: BadField, b: BadField) => a.loc.join().localeCompare(b.loc.join());

/** The answer is 200 with this message. */
export function expectMessage(response: ApiAnswer, message: string): void {
  expect([response.status, response.body]).toEqual([200, { message }]);
}

/** The answer refuses the access token. */
export function expectLoggedOut(response: ApiAnswer): void {
  expectProblem(response, 401, 'User not authenticated.');
  expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
}
