import type { ApiAnswer } from '@repo/testing/api-client';
import fc from 'fast-check';
import { api, gateway } from '../../support/gateway.js';
import { logIn } from '../../support/people.js';
import { fill } from '../../support/routes.js';
import type { World } from '../world.js';
import { type ApiDocument, type Operation, readDocument } from './document.js';
import { fault, NOTHING_THERE } from './judge.js';
import { type Plan, plansFor } from './plan.js';
import { REGRESSIONS } from './regressions.js';
import { fillIn, makeScene, type Scene, type Subject, subjectOf } from './scene.js';

/** With so many requests every route must have been found, and have answered with a success. */
const ALL_FOUND = 5_000;
/** Requests side by side. */
const LANES = 4;

export interface RequestsReport {
  requests: number;
  accepted: number;
  refused: number;
  /** What was found, with the smallest request that shows it. */
  findings: string[];
  seed: number;
}

/** Sends requests that are made from the document of the API, right and wrong by turns, and judges the answers. */
export async function sendRequests(
  world: World,
  { count, seed }: { count: number; seed: number },
): Promise<RequestsReport> {
  const document = readDocument((await gateway('GET /openapi.json')).body);
  const scene = await makeScene(world);
  const report: RequestsReport = { requests: 0, accepted: 0, refused: 0, findings: [], seed };
  const succeeded = new Set<string>();

  const check = async (plan: Plan) => {
    const operation = document.operations.find(({ route }) => route === plan.route);
    if (!operation) return; // A regression of a route that is no more.
    const { answer, subject } = await send(plan, operation, scene);
    report.requests += 1;
    if (answer.status < 400) {
      report.accepted += 1;
      succeeded.add(plan.route);
    } else report.refused += 1;
    const found =
      fault(plan, operation, answer, document) ?? (await useAfterEnd(plan, answer, subject, document));
    if (found) throw new Error(`${found} (answer: ${answer.status} ${answer.text.slice(0, 300)})`);
  };

  for (const plan of REGRESSIONS) {
    await check(plan).catch((error: Error) =>
      report.findings.push(`${error.message}\n${JSON.stringify(plan)}`),
    );
  }
  const plans = fc.oneof(...document.operations.map(plansFor));
  const perLane = Math.ceil((count - report.requests) / LANES);
  await Promise.all(
    Array.from({ length: LANES }, async (_, lane) => {
      const result = await fc.check(fc.asyncProperty(plans, check), { numRuns: perLane, seed: seed + lane });
      if (!result.failed) return;
      report.findings.push(`${String(result.errorInstance)}\n${JSON.stringify(result.counterexample?.[0])}`);
    }),
  );
  if (count >= ALL_FOUND) {
    const never = document.operations.filter(
      ({ route }) => !succeeded.has(route) && !NOTHING_THERE.test(route),
    );
    report.findings.push(...never.map(({ route }) => `no request to ${route} was ever accepted`));
  }
  return report;
}

async function send(
  plan: Plan,
  operation: Operation,
  scene: Scene,
): Promise<{ answer: ApiAnswer; subject: Subject }> {
  const subject = await subjectOf(plan, operation, scene);
  const query = new URLSearchParams(plan.query).toString();
  const answer = await api(fill(plan.route, subject.path, query), {
    token: tokenOf(plan, operation, subject, scene),
    headers: { ...Object.fromEntries(plan.headers), ...(await cookieOf(plan, subject)) },
    ...(plan.json !== undefined && { body: fillIn(plan.json, subject, scene) }),
    ...(plan.form && { form: fillIn(plan.form, subject, scene) as Record<string, string> }),
  });
  return { answer, subject };
}

function tokenOf(
  { caller, route }: Plan,
  { secured }: Operation,
  { person }: Subject,
  { world }: Scene,
): string | undefined {
  if (caller === 'nobody') return undefined;
  if (caller === 'forger') return `${person.token.slice(0, -8)}AAAAAAAA`;
  // A superuser who logs out is of no use to the requests after this one.
  const isOwnEnd = secured && /^POST \/(logout|logout-all|user\/me\/password)$/.test(route);
  return caller === 'superuser' && !isOwnEnd ? world.admin : person.token;
}

/** The one route that goes by a cookie: it takes the token of a session of its own, so that no two use the same. */
async function cookieOf({ route, caller }: Plan, { person }: Subject): Promise<Record<string, string>> {
  if (route !== 'POST /refresh' || caller === 'nobody') return {};
  return { Cookie: caller === 'forger' ? `${person.cookie}x` : (await logIn(person)).cookie };
}

/** Whether what was ended or deleted can still be used. */
async function useAfterEnd(
  plan: Plan,
  { status }: ApiAnswer,
  { person, path }: Subject,
  { operations }: ApiDocument,
): Promise<string | undefined> {
  if (status >= 400) return undefined;
  if (
    plan.route.startsWith('POST /logout') ||
    (/^DELETE \/(db_)?user\//.test(plan.route) && plan.target === 'own')
  ) {
    const again = await api('GET /user/me', { token: person.token });
    return again.status === 401 ? undefined : `${again.status} for a token after ${plan.route}`;
  }
  if (!plan.route.startsWith('DELETE') || plan.route.includes('task')) return undefined;
  const look = plan.route.replace('DELETE', 'GET').replace('/db_', '/') as Plan['route'];
  if (!operations.some(({ route }) => route === look)) return undefined;
  const again = await api(fill(look, path));
  return again.status === 404 ? undefined : `${again.status} for ${look} after ${plan.route}`;
}
