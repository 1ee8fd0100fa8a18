import { expect } from '@jest/globals';
import type { ApiAnswer } from '../../support/api.ts';

/** An entry of `errors` in a 422. */
export interface BadField {
  loc: (string | number)[];
  type: string;
}

/** The answer is problem details with this status and, if given, this detail. */
export function expectProblem(answer: ApiAnswer, status: number, detail?: string): void {
  expect([answer.status, answer.body.detail]).toEqual([status, detail ?? expect.any(String)]);
  expect(answer.headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
  expect(answer.body).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    status,
    instance: expect.stringMatching(/^\//),
    request_id: answer.headers.get('X-Request-Id'),
  });
}

/** The answer refuses exactly these fields, in any order. */
export function expectInvalid(answer: ApiAnswer, ...fields: BadField[]): void {
  expectProblem(answer, 422);
  const expected = fields.map((field) => ({ ...field, msg: expect.any(String) }));
  expect([...answer.body.errors].sort(byPlace)).toEqual(expected.sort(byPlace));
}

const byPlace = (a: BadField, b: BadField) => a.loc.join().localeCompare(b.loc.join());

/** The answer is 200 with this message. */
export function expectMessage(answer: ApiAnswer, message: string): void {
  expect([answer.status, answer.body]).toEqual([200, { message }]);
}

/** The answer refuses the access token. */
export function expectLoggedOut(answer: ApiAnswer): void {
  expectProblem(answer, 401, 'User not authenticated.');
  expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
}
