import { inspect } from 'node:util';
import type { ApiAnswer } from '@repo/testing/api-client';
import type { World } from './world.js';

/** Item of the OWASP API Security Top 10 (2023). */
type ApiRisk = `API${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10}`;

/** What came of an attempt: an answer of the API, or a few words. */
export type Outcome = ApiAnswer | string;

/** One hostile attempt, and the one right answer to it. */
export interface Attack {
  /** What is tried. */
  name: string;
  /** Requirement of the OWASP ASVS 5.0. */
  asvs: string;
  api: ApiRisk;
  attempt: (world: World) => Promise<Outcome>;
  /** The right answer: a status, a status with its detail, or the words of the outcome. */
  right: string;
}

export interface AttackResult extends Omit<Attack, 'attempt'> {
  group: string;
  seen: string;
  ok: boolean;
}

/** Words that an answer must never hold: they tell how the inside is made. */
const LEAKS =
  /node_modules|\bat .+\.js:\d|QueryFailed|SELECT |INSERT |syntax error|ECONNREFUSED|nestjs|fastify|postgres|nginx\/|redis|\/apps\/|Error:/i;

/** Makes the attempt and compares. */
export async function carryOut(group: string, attack: Attack, world: World): Promise<AttackResult> {
  const { attempt, ...row } = attack;
  const seen = await attempt(world).then(
    describe,
    (error: unknown) => `failed: ${inspect(error, { breakLength: Infinity })}`,
  );
  return { ...row, group, seen, ok: seen === attack.right || seen.startsWith(`${attack.right} `) };
}

/** An answer in words: its status, and the detail of a refusal; everything that is wrong with its form besides. */
function describe(outcome: Outcome): string {
  if (typeof outcome === 'string') return outcome;
  const { status, headers, text, body } = outcome;
  const leak = LEAKS.exec(text)?.[0];
  if (leak) return `${status}, and it tells "${leak}"`;
  if (status < 400) return String(status);
  const isProblem = headers.get('content-type')?.startsWith('application/problem+json');
  if (!isProblem || typeof body?.detail !== 'string')
    return `${status} without problem details: ${text.slice(0, 200)}`;
  return `${status} ${body.detail}`;
}
