import { inspect } from 'node:util';
import type { ApiAnswer } from '../support/api.ts';
import type { Fixture } from './fixture.ts';

/** An item of the OWASP API Security Top 10 (2023). */
type ApiRisk = `API${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10}`;

/** An answer of the API, or a few words. */
export type Result = ApiAnswer | string;

/** A hostile attempt, and the only correct result. */
export interface Attack {
  name: string;
  /** A requirement of the OWASP ASVS 5.0. */
  asvs: string;
  api: ApiRisk;
  attempt: (fixture: Fixture) => Promise<Result>;
  /** A status, a status with its detail, or the words of the result. */
  expected: string;
}

export interface AttackResult extends Attack {
  group: string;
  actual: string;
  ok: boolean;
}

/** Words that disclose the implementation. No answer may contain them. */
const DISCLOSURES =
  /node_modules|\bat .+\.js:\d|QueryFailed|SELECT |INSERT |syntax error|ECONNREFUSED|nestjs|fastify|postgres|nginx\/|redis|\/apps\/|Error:/i;

/** Makes the attempt, and compares its result with the expected one. */
export async function runAttack(group: string, attack: Attack, fixture: Fixture): Promise<AttackResult> {
  const actual = await attack
    .attempt(fixture)
    .then(describe, (error: unknown) => `failed: ${inspect(error, { breakLength: Infinity })}`);
  return {
    ...attack,
    group,
    actual,
    ok: actual === attack.expected || actual.startsWith(`${attack.expected} `),
  };
}

/** An answer in words: its status, the detail of a refusal, and what is wrong with its form. */
function describe(result: Result): string {
  if (typeof result === 'string') return result;
  const { status, headers, text, body } = result;
  const disclosure = DISCLOSURES.exec(text)?.[0];
  if (disclosure) return `${status}, which discloses "${disclosure}"`;
  if (status < 400) return String(status);
  const isProblem = headers.get('content-type')?.startsWith('application/problem+json');
  if (!isProblem || typeof body?.detail !== 'string')
    return `${status} without problem details: ${text.slice(0, 200)}`;
  return `${status} ${body.detail}`;
}
