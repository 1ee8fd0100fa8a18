import type { ApiAnswer } from '@repo/testing/api-client';
import { ALL_ROUTES } from '../../support/routes.js';
import type { ApiDocument, Operation } from './document.js';
import type { Plan } from './plan.js';

const REFUSALS = new Set([400, 401, 403, 404, 405, 409, 412, 413, 414, 415, 422, 429, 431]);
/** Nothing is there to be found, unless something has failed for good. */
export const NOTHING_THERE = / \/admin\/.*\{/;

const ACCESS = new Map<string, string>(ALL_ROUTES);

/** What is wrong with an answer; undefined when nothing is. */
export function fault(
  plan: Plan,
  operation: Operation,
  answer: ApiAnswer,
  { isProblem }: ApiDocument,
): string | undefined {
  return faultyForm(operation, answer, isProblem) ?? faultyDecision(plan, operation, answer);
}

function faultyForm(
  { successes }: Operation,
  answer: ApiAnswer,
  isProblem: ApiDocument['isProblem'],
): string | undefined {
  const { status, body, headers } = answer;
  const type = headers.get('content-type') ?? '';
  if (status < 400) {
    if (!successes.has(status)) return `the status ${status} is not documented`;
    const isAsDescribed = successes.get(status);
    if (!isAsDescribed || isAsDescribed(body)) return undefined;
    return `the body is not as described: ${JSON.stringify(isAsDescribed.errors?.[0])}`;
  }
  if (!REFUSALS.has(status)) return `the status ${status}`;
  if (!type.startsWith('application/problem+json')) return `a refusal of type "${type}"`;
  if (!isProblem(body as unknown)) return `no problem details: ${JSON.stringify(isProblem.errors?.[0])}`;
  const said = (body as { status: number }).status;
  return said === status ? undefined : `the problem says ${said}, the answer ${status}`;
}

function faultyDecision(plan: Plan, operation: Operation, { status, body }: ApiAnswer): string | undefined {
  const { caller, target, wrong, route } = plan;
  const access = ACCESS.get(route);
  const ok = status < 400;
  if (operation.secured && caller !== 'owner' && caller !== 'superuser') {
    return status === 401 ? undefined : `${status} without a good token`;
  }
  if (access === 'superuser' && caller !== 'superuser')
    return status === 403 ? undefined : `${status} without privileges`;
  if (status === 429 && route === 'POST /tasks/task' && wrong === null) return undefined;
  if (target === 'absurd' && operation.route.includes('{'))
    return ok ? `${status} for a path that is nothing` : undefined;
  // Which cursors are good only the list can tell, and who is gone has none.
  if (target === 'gone' && wrong?.what === 'no cursor for cursor' && status === 404) return undefined;
  if (wrong) return status === wrong.status ? undefined : `${status} for ${wrong.what}`;
  if (!operation.route.includes('{')) return refusalOfGoodData(status, body);
  if (target === 'gone' || NOTHING_THERE.test(route))
    return ok && !/db_(user|post)/.test(route) ? `${status} for what is gone` : undefined;
  const isTask = route.includes('/tasks/task/');
  if (isTask && caller !== 'superuser' && (target === 'others' || caller !== 'owner')) {
    return ok ? `${status} for the task of somebody else` : undefined;
  }
  const isOwners = access === 'user';
  if (isOwners && (target === 'others' || caller === 'superuser')) {
    return ok ? `${status} for what belongs to somebody else` : undefined;
  }
  return caller === 'owner' || caller === 'superuser' || access === 'anyone'
    ? refusalOfGoodData(status, body)
    : undefined;
}

/** Rules of the business may refuse what is well formed: a name is taken, a tier is in use. */
function refusalOfGoodData(status: number, body: { errors?: unknown; detail?: string }): string | undefined {
  if (status < 400 || status === 409) return undefined;
  if (status === 422 && body.errors === undefined) return undefined;
  if (status === 404 && body.detail === 'Tier not found') return undefined; // Nobody is in one.
  return `${status} for what is right: ${JSON.stringify(body.errors ?? body.detail)}`;
}
