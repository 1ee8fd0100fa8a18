import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type Api, gateway } from '../../../support/api.ts';
import { percentile } from '../../../support/statistics.ts';
import { createUserWithTasks } from '../../../support/tasks.ts';
import { adminToken, type User } from '../../../support/users.ts';
import type { Stack } from '../stack.ts';

/** Requests; in CI, whose machine is shared, half of what the documentation measures. */
const PER_SECOND = process.env.CI ? 30 : 60;
/** Of each request, before the load: a new process is slow at what it does for the first time. */
const WARM_UP_ROUNDS = 20;
/** More than a load creates. */
const MAX_TASKS = 1_000_000;
/** Selects the ids of all writes that took effect. */
const WRITTEN = `
  SELECT title FROM posts.posts
  UNION ALL SELECT name FROM users.tiers
  UNION ALL SELECT user_agent FROM auth.sessions
  UNION ALL SELECT payload->>'message' FROM jobs.tasks`;

export interface Sample {
  /** The request id in the log of the gateway. */
  id: string;
  route: string;
  from: number;
  to: number;
  /** Empty for a success. */
  failure: string;
}

/** A read and a write of every HTTP service. What is written contains the id. */
function requestsOf({ username, password, token }: User, admin: string): ((id: string) => Parameters<Api>)[] {
  return [
    () => [`GET /api/v1/${username}/posts`],
    (id) => [`POST /api/v1/${username}/post`, { token, body: { title: id, text: 'Text.' } }],
    () => [`GET /api/v1/user/${username}`],
    (id) => ['POST /api/v1/tier', { token: admin, body: { name: id } }],
    () => ['GET /.well-known/jwks.json'],
    (id) => ['POST /api/v1/login', { form: { username, password }, headers: { 'User-Agent': id } }],
    () => ['GET /api/v1/tasks?cursor=&items_per_page=10', { token }],
    (id) => [`POST /api/v1/tasks/task?message=${id}`, { token }],
  ];
}

/**
 * Does some work while requests go through the gateway at a constant rate, whether or not earlier ones were answered.
 * Afterwards, every successful write has taken effect exactly once, and no other write twice.
 *
 * @param work gets the samples, to which each finished request is added
 * @param only selects requests by their routes
 * @returns the samples
 */
export async function underLoad(
  stack: Stack,
  work: (samples: Sample[]) => Promise<void>,
  only = /./,
): Promise<Sample[]> {
  const admin = await adminToken();
  const user = await createUserWithTasks(admin, MAX_TASKS);
  const requests = requestsOf(user, admin).filter((request) => only.test(request('')[0]));
  const run = `load-${randomBytes(4).toString('hex')}`;
  const samples: Sample[] = [];
  const inFlight: Promise<unknown>[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS; round++)
    await Promise.all(
      requests.map((request, index) => send(`warm-up-${round}`, ...request(`${run}-${round}-${index}`))),
    );
  const sendNext = async () => {
    const id = `${run}-${inFlight.length}`;
    samples.push(await send(id, ...requests[inFlight.length % requests.length]!(id)));
  };
  const since = Date.now();
  const timer = setInterval(() => {
    const due = ((Date.now() - since) * PER_SECOND) / 1000;
    while (inFlight.length < due) inFlight.push(sendNext());
  }, 5);
  try {
    await work(samples);
  } finally {
    clearInterval(timer);
    await Promise.all(inFlight);
  }
  report(samples, Date.now() - since);
  const written = await stack.query(`SELECT id FROM (${WRITTEN}) AS written (id) WHERE id LIKE '${run}-%'`);
  assert.deepEqual(wrongWrites(samples, written), []);
  // Its tasks that still wait are deleted, too.
  await gateway(`DELETE /api/v1/db_user/${user.username}`, { token: admin });
  return samples;
}

async function send(id: string, ...[route, options]: Parameters<Api>): Promise<Sample> {
  const headers = { ...options?.headers, 'X-Request-Id': id };
  const from = Date.now();
  const failure = await gateway(route, { ...options, headers }).then(
    ({ status, body }) => (status < 300 ? '' : `${status} ${body.detail}`),
    (error) => String(error.cause ?? error),
  );
  return { id, route, from, to: Date.now(), failure };
}

function report(samples: Sample[], ms: number): void {
  const times = samples.map(({ from, to }) => to - from);
  const failed = samples.filter(({ failure }) => failure);
  console.log(
    `${samples.length} requests (${samples.filter(isWrite).length} POST) in ${Math.round(ms / 1000)} s, ` +
      `${failed.length} failed; p50 ${percentile(times, 0.5)} ms, p99 ${percentile(times, 0.99)} ms, ` +
      `maximum ${Math.max(...times)} ms`,
  );
}

/** Successful writes that did not take effect exactly once, and failed ones that took effect twice. */
function wrongWrites(samples: Sample[], written: string[]): string[] {
  const counts = new Map<string, number>();
  for (const id of written) counts.set(id, (counts.get(id) ?? 0) + 1);
  return samples.filter(isWrite).flatMap(({ id, route, failure }) => {
    const times = counts.get(id) ?? 0;
    return times === 1 || (times === 0 && failure) ? [] : [`${route} (${id}): ${times} times`];
  });
}

const isWrite = ({ route }: Sample) => route.startsWith('POST');
