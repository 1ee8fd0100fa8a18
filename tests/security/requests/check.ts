import type { ApiAnswer } from '../../support/api.ts';
import { ALL_ROUTES } from '../../support/routes.ts';
import type { ApiDocument, Operation } from './document.ts';
import type { Plan } from './plan.ts';

const REFUSALS = new Set([400, 401, 403, 404, 405, 409, 412, 413, 414, 415, 422, 429, 431]);
/** Routes of one dead letter. There is none in a system without failures. */
export const WITHOUT_SUCCESS = / \/admin\/.*\{/;

const ACCESS = new Map<string, string>(ALL_ROUTES);

/** A sentence that says what is wrong with an answer; undefined when nothing is. */
export function findingIn(
  plan: Plan,
  operation: Operation,
  answer: ApiAnswer,
  { isProblem }: ApiDocument,
): string | undefined {
  return findingInForm(operation, answer, isProblem) ?? findingInDecision(plan, operation, answer);
}

function findingInForm(
  { successes }: Operation,
  answer: ApiAnswer,
  isProblem: ApiDocument['isProblem'],
): string | undefined {
  const { status, body, headers } = answer;
  const type = headers.get('content-type') ?? '';
  if (status < 400) {
    if (!successes.has(status)) return `the status ${status} is not documented`;
    const isAsDocumented = successes.get(status);
    if (!isAsDocumented || isAsDocumented(body)) return undefined;
    return `the body is not as documented: ${JSON.stringify(isAsDocumented.errors?.[0])}`;
  }
  if (!REFUSALS.has(status)) return `the status ${status}`;
  if (!type.startsWith('application/problem+json')) return `a refusal of type "${type}"`;
  if (!isProblem(body as unknown)) return `no problem details: ${JSON.stringify(isProblem.errors?.[0])}`;
  const { status: stated } = body as { status: number };
  return stated === status ? undefined : `the problem has the status ${stated}, the answer ${status}`;
}

function findingInDecision(
  plan: Plan,
  operation: Operation,
  { status, body }: ApiAnswer,
): string | undefined {
  const { caller, target, mistake, route } = plan;
  const access = ACCESS.get(route);
  const ok = status < 400;
  const hasPath = operation.route.includes('{');
  if (operation.secured && caller !== 'owner' && caller !== 'superuser') {
    return status === 401 ? undefined : `${status} without a valid token`;
  }
  if (access === 'superuser' && caller !== 'superuser')
    return status === 403 ? undefined : `${status} without privileges`;
  if (status === 429 && route === 'POST /tasks/task' && mistake === null) return undefined;
  if (target === 'invalid' && hasPath) return ok ? `${status} for an invalid path` : undefined;
  // Only the list can tell whether a cursor is valid, and a deleted user has no list.
  if (target === 'deleted' && mistake?.what === 'no cursor for cursor' && status === 404) return undefined;
  if (mistake) return status === mistake.status ? undefined : `${status} for ${mistake.what}`;
  if (!hasPath) return unexpectedRefusal(status, body);
  if (target === 'deleted' || WITHOUT_SUCCESS.test(route))
    return ok && !/db_(user|post)/.test(route) ? `${status} for something deleted` : undefined;
  const isTask = route.includes('/tasks/task/');
  if (isTask && caller !== 'superuser' && (target === 'other' || caller !== 'owner')) {
    return ok ? `${status} for the task of another user` : undefined;
  }
  if (access === 'user' && (target === 'other' || caller === 'superuser')) {
    return ok ? `${status} for something of another user` : undefined;
  }
  return caller === 'owner' || caller === 'superuser' || access === 'anyone'
    ? unexpectedRefusal(status, body)
    : undefined;
}

/** Business rules may refuse a valid request: a name is taken, a tier is in use. */
function unexpectedRefusal(status: number, body: { errors?: unknown; detail?: string }): string | undefined {
  if (status < 400 || status === 409) return undefined;
  if (status === 422 && body.errors === undefined) return undefined;
  if (status === 404 && body.detail === 'Tier not found') return undefined; // The user has no tier.
  return `${status} for a valid request: ${JSON.stringify(body.errors ?? body.detail)}`;
}
