import fc from 'fast-check';
import { api, type ApiAnswer, gateway } from '../../support/api.ts';
import { mapConcurrently } from '../../support/concurrency.ts';
import { fill } from '../../support/routes.ts';
import { logIn } from '../../support/users.ts';
import type { Fixture } from '../fixture.ts';
import { findingIn, WITHOUT_SUCCESS } from './check.ts';
import { type ApiDocument, type Operation, readDocument } from './document.ts';
import { type Plan, plansFor } from './plan.ts';
import { REGRESSIONS } from './regressions.ts';
import { fillIn, createRequestFixture, type RequestFixture, type Subject, subjectOf } from './subject.ts';

/** With this many requests every route must have answered with a success. */
const ENOUGH_FOR_ALL_ROUTES = 5_000;
const CONCURRENT_REQUESTS = 4;

export interface RequestsReport {
  requests: number;
  accepted: number;
  refused: number;
  /** Each with the smallest request that shows it. */
  findings: string[];
}

/** Sends valid and invalid requests that are generated from the API document, and checks the answers. */
export async function sendRequests(
  base: Fixture,
  { count, seed }: { count: number; seed: number },
): Promise<RequestsReport> {
  const document = readDocument((await gateway('GET /openapi.json')).body);
  const fixture = await createRequestFixture(base);
  const report: RequestsReport = { requests: 0, accepted: 0, refused: 0, findings: [] };
  const succeeded = new Set<string>();

  const check = async (plan: Plan) => {
    const operation = document.operations.find(({ route }) => route === plan.route);
    if (!operation) return; // A regression of a route that was removed.
    const { answer, subject } = await send(plan, operation, fixture);
    report.requests += 1;
    if (answer.status < 400) {
      report.accepted += 1;
      succeeded.add(plan.route);
    } else report.refused += 1;
    const finding =
      findingIn(plan, operation, answer, document) ?? (await useAfterEnd(plan, answer, subject, document));
    if (finding) throw new Error(`${finding} (answer: ${answer.status} ${answer.text.slice(0, 300)})`);
  };

  for (const plan of REGRESSIONS) {
    await check(plan).catch((error: Error) =>
      report.findings.push(`${error.message}\n${JSON.stringify(plan)}`),
    );
  }
  const plans = fc.oneof(...document.operations.map(plansFor));
  const numRuns = Math.ceil((count - report.requests) / CONCURRENT_REQUESTS);
  const seeds = Array.from({ length: CONCURRENT_REQUESTS }, (_, index) => seed + index);
  await mapConcurrently(seeds, CONCURRENT_REQUESTS, async (laneSeed) => {
    const result = await fc.check(fc.asyncProperty(plans, check), { numRuns, seed: laneSeed });
    if (!result.failed) return;
    report.findings.push(`${String(result.errorInstance)}\n${JSON.stringify(result.counterexample?.[0])}`);
  });
  if (count >= ENOUGH_FOR_ALL_ROUTES) {
    const never = document.operations.filter(
      ({ route }) => !succeeded.has(route) && !WITHOUT_SUCCESS.test(route),
    );
    report.findings.push(...never.map(({ route }) => `no request to ${route} was accepted`));
  }
  return report;
}

async function send(
  plan: Plan,
  operation: Operation,
  fixture: RequestFixture,
): Promise<{ answer: ApiAnswer; subject: Subject }> {
  const subject = await subjectOf(plan, operation, fixture);
  const query = new URLSearchParams(plan.query).toString();
  const filled = (value: unknown) => fillIn(value, subject.user, fixture.tier.id);
  const answer = await api(fill(plan.route, subject.path, query), {
    token: tokenOf(plan, operation, subject, fixture),
    headers: { ...Object.fromEntries(plan.headers), ...(await cookieOf(plan, subject)) },
    ...(plan.json !== undefined && { body: filled(plan.json) }),
    ...(plan.form && { form: filled(plan.form) as Record<string, string> }),
  });
  return { answer, subject };
}

function tokenOf(
  { caller, route }: Plan,
  { secured }: Operation,
  { user }: Subject,
  { admin }: RequestFixture,
): string | undefined {
  if (caller === 'anonymous') return undefined;
  if (caller === 'forger') return `${user.token.slice(0, -8)}AAAAAAAA`;
  // Later requests need the session of the superuser.
  const endsOwnSession = secured && /^POST \/(logout|logout-all|user\/me\/password)$/.test(route);
  return caller === 'superuser' && !endsOwnSession ? admin : user.token;
}

/** The refresh route reads a cookie. Each request uses the token of a new session: a token can be used once. */
async function cookieOf({ route, caller }: Plan, { user }: Subject): Promise<Record<string, string>> {
  if (route !== 'POST /refresh' || caller === 'anonymous') return {};
  return { Cookie: caller === 'forger' ? `${user.cookie}x` : (await logIn(user)).cookie };
}

/** Whether something can be used after a request has ended or deleted it. */
async function useAfterEnd(
  plan: Plan,
  { status }: ApiAnswer,
  { user, path }: Subject,
  { operations }: ApiDocument,
): Promise<string | undefined> {
  if (status >= 400) return undefined;
  if (
    plan.route.startsWith('POST /logout') ||
    (/^DELETE \/(db_)?user\//.test(plan.route) && plan.target === 'own')
  ) {
    const again = await api('GET /user/me', { token: user.token });
    return again.status === 401 ? undefined : `${again.status} for a token after ${plan.route}`;
  }
  if (!plan.route.startsWith('DELETE') || plan.route.includes('task')) return undefined;
  const read = plan.route.replace('DELETE', 'GET').replace('/db_', '/') as Plan['route'];
  if (!operations.some(({ route }) => route === read)) return undefined;
  const again = await api(fill(read, path));
  return again.status === 404 ? undefined : `${again.status} for ${read} after ${plan.route}`;
}
