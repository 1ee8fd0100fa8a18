import { randomUUID } from 'node:crypto';
import { api } from '../../support/api.ts';
import { createPost } from '../../support/posts.ts';
import { createTask } from '../../support/tasks.ts';
import { assignTier, createTier } from '../../support/tiers.ts';
import { claimsOf, createUser, logIn, type User } from '../../support/users.ts';
import type { Fixture } from '../fixture.ts';
import type { Operation } from './document.ts';
import type { Plan } from './plan.ts';
import { PASSWORD, TIER_ID, USERNAME } from './values.ts';

/** The fixture, and what requests are about: things that exist, and things that existed once. */
export interface RequestFixture extends Fixture {
  tier: { id: number; name: string; ruleIds: number[] };
  deleted: { username: string; postId: number; tierName: string; sessionId: string; ruleId: number };
}

/** The user who sends a request, and the parameters of its path. */
export interface Subject {
  user: User;
  path: Record<string, string | number>;
}

const RULE = { path: 'api/v1/tasks/task', limit: 1_000_000, period: 60 };
/** Routes that end or rename their user or its session. Each request gets a user of its own. */
const FINAL =
  /^(DELETE \/(db_)?user\/|PATCH \/user\/\{username\}$|POST \/(logout|logout-all|user\/me\/password)$|DELETE \/sessions)/;

export async function createRequestFixture(fixture: Fixture): Promise<RequestFixture> {
  const { admin, alice } = fixture;
  const tier = await createTier(admin, RULE);
  await assignTier(admin, alice, tier.id);
  const user = await createUser();
  const postId = await createPost(alice);
  const { name: tierName } = await createTier(admin);
  await api(`DELETE /tier/${tierName}`, { token: admin });
  await api(`DELETE /${alice.username}/post/${postId}`, { token: alice.token });
  const sessionId = await newSessionOf(alice);
  await api(`DELETE /sessions/${sessionId}`, { token: alice.token });
  await api(`DELETE /user/${user.username}`, { token: user.token });
  const deleted = { username: user.username, postId, tierName, sessionId, ruleId: 2_147_000_000 };
  return { ...fixture, tier, deleted };
}

/** Creates or finds what the plan is about. */
export async function subjectOf(
  { route, target, invalid }: Plan,
  operation: Operation,
  fixture: RequestFixture,
): Promise<Subject> {
  const hasPath = route.includes('{');
  const isFinal = FINAL.test(route) && (!hasPath || target === 'own' || target === 'other');
  const owner = isFinal ? await createUser() : fixture.alice;
  const user = hasPath && target === 'other' ? fixture.bob : owner;
  const path: Subject['path'] = {};
  const context = await withTierFor(route, fixture);
  for (const { name, in: place } of operation.parameters) {
    if (place !== 'path') continue;
    if (target === 'invalid') path[name] = invalid;
    else if (target === 'deleted') path[name] = deletedValue(route, name, fixture);
    else path[name] = await existingValue(route, name, owner, context);
  }
  if (target === 'deleted' && operation.route.includes('/post/')) path.username = fixture.alice.username;
  if (target === 'deleted' && operation.route.includes('/{tier_name}/rate_limit/'))
    path.tier_name = fixture.tier.name;
  if (target === 'deleted' && !('username' in path)) path.username = fixture.deleted.username;
  return { user, path };
}

function deletedValue(route: string, name: string, { deleted }: RequestFixture): string | number {
  if (name === 'username') return deleted.username;
  if (name === 'name' || name === 'tier_name') return deleted.tierName;
  if (route.includes('/post/') || route.includes('/db_post/')) return deleted.postId;
  if (route.includes('/sessions/')) return deleted.sessionId;
  if (route.includes('/rate_limit/')) return deleted.ruleId;
  return randomUUID();
}

async function existingValue(
  route: string,
  name: string,
  owner: User,
  fixture: RequestFixture,
): Promise<string | number> {
  const { admin, tier } = fixture;
  const changes = !route.startsWith('GET');
  if (name === 'username') return owner.username;
  if (name === 'name') return changes ? (await createTier(admin)).name : tier.name;
  if (name === 'tier_name') return tier.name;
  if (route.includes('/post/') || route.includes('/db_post/')) return createPost(owner);
  if (route.includes('/sessions/')) return newSessionOf(owner);
  if (route.includes('/rate_limit/')) return tier.ruleIds[0]!;
  if (route.includes('/tasks/task/')) return createTask(owner.token);
  return randomUUID();
}

async function newSessionOf(user: User): Promise<string> {
  return String(claimsOf((await logIn(user)).token).sid);
}

/** The fixture with a tier whose rate limit may be changed, or that may get one: a tier has one for each limited route. */
async function withTierFor(route: string, fixture: RequestFixture): Promise<RequestFixture> {
  if (route.startsWith('GET') || !/\/rate_limit(\/|$)/.test(route)) return fixture;
  const rules = route.startsWith('POST') ? [] : [{ ...RULE, limit: 1 }];
  return { ...fixture, tier: await createTier(fixture.admin, ...rules) };
}

/** Replaces placeholders by the values of the subject. */
export function fillIn(value: unknown, user: User, tierId: number): unknown {
  if (value === PASSWORD) return user.password;
  if (value === USERNAME) return user.username;
  if (value === TIER_ID) return tierId;
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, fillIn(inner, user, tierId)]),
  );
}
