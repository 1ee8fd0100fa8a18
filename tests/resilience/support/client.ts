import assert from 'node:assert/strict';
import { api, type Api, type ApiAnswer } from '../../support/api.ts';
import { retry } from '../../support/eventually.ts';

/** An answer, or status 0 when none came. */
export interface Answer extends Partial<ApiAnswer> {
  status: number;
  startedAt: number;
  ms: number;
}

/** Sends a request as a client does. Never throws: a missing answer is a result, too. */
export async function call(...[route, request]: Parameters<Api>): Promise<Answer> {
  const startedAt = performance.now();
  const answer = await api(route, request).catch(() => ({ status: 0 }));
  return { ...answer, startedAt, ms: performance.now() - startedAt };
}

export const isSuccess = ({ status }: Answer) => status >= 200 && status < 300;

/** 503 problem details with Retry-After: the only refusal that a fault may cause. */
export function isUnavailable({ status, headers }: Answer): boolean {
  return (
    status === 503 &&
    headers !== undefined &&
    headers.get('Content-Type')?.startsWith('application/problem+json') === true &&
    headers.has('Retry-After')
  );
}

/** Repeats a request until it succeeds: for what prepares or ends a scenario. */
export function untilSuccess(attempt: () => Promise<Answer>): Promise<Answer> {
  return retry(async () => {
    const answer = await attempt();
    assert.ok(isSuccess(answer), `No success: ${answer.status} ${answer.text}`);
    return answer;
  });
}
