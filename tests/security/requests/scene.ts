import { api } from '../../support/gateway.js';
import { assignTier, makeTier } from '../../support/make.js';
import { claimsOf } from '../forge.js';
import { join, logIn, type Person } from '../../support/people.js';
import { makePost } from '../../support/posts.js';
import { makeTask } from '../../support/tasks.js';
import type { World } from '../world.js';
import { randomUUID } from 'node:crypto';
import type { Operation } from './document.js';
import type { Plan } from './plan.js';
import { PASSWORD, TIER_ID, USERNAME } from './values.js';

/** What is there to be asked for; `gone` was there once. */
export interface Scene {
  world: World;
  tier: { id: number; name: string; ruleIds: number[] };
  gone: { username: string; postId: number; tierName: string; sessionId: string; ruleId: number };
}

/** Whom and what a request is about. */
export interface Subject {
  person: Person;
  /** Values for the parts of the path. */
  path: Record<string, string | number>;
}

/** These change whom they are about for good: each gets somebody new. */
const FINAL =
  /^(DELETE \/(db_)?user\/|PATCH \/user\/\{username\}$|POST \/(logout|logout-all|user\/me\/password)$|DELETE \/sessions)/;

export async function makeScene(world: World): Promise<Scene> {
  const many = { path: 'api/v1/tasks/task', limit: 1_000_000, period: 60 };
  const tier = await makeTier(world.admin, many);
  await assignTier(world.admin, world.alice, tier.id);
  const person = await join();
  const postId = await makePost(world.alice);
  const { name: tierName } = await makeTier(world.admin);
  await api(`DELETE /tier/${tierName}`, { token: world.admin });
  await api(`DELETE /${world.alice.username}/post/${postId}`, { token: world.alice.token });
  const sessionId = String(claimsOf((await logIn(world.alice)).token).sid);
  await api(`DELETE /sessions/${sessionId}`, { token: world.alice.token });
  await api(`DELETE /user/${person.username}`, { token: person.token });
  return {
    world,
    tier,
    gone: { username: person.username, postId, tierName, sessionId, ruleId: 2_147_000_000 },
  };
}

/** Makes or finds whatever the plan is about. */
export async function subjectOf(
  { route, target, absurd }: Plan,
  operation: Operation,
  scene: Scene,
): Promise<Subject> {
  const { world, gone } = scene;
  const hasPath = route.includes('{');
  const isFinal = FINAL.test(route) && (!hasPath || target === 'own' || target === 'others');
  const owner = isFinal ? await join() : world.alice;
  // Who asks for another's is somebody else than the owner.
  const person = hasPath && target === 'others' ? world.bob : owner;
  const path: Subject['path'] = {};
  for (const { name, in: place } of operation.parameters) {
    if (place !== 'path') continue;
    if (target === 'absurd') path[name] = absurd;
    else if (target === 'gone') path[name] = goneValue(route, name, scene);
    else path[name] = await liveValue(route, name, owner, scene);
  }
  if (target === 'gone' && operation.route.includes('/post/')) path.username = world.alice.username;
  if (target === 'gone' && operation.route.includes('/{tier_name}/rate_limit/'))
    path.tier_name = scene.tier.name;
  if (target === 'gone' && !('username' in path)) path.username = gone.username;
  return { person, path };
}

function goneValue(route: string, name: string, { gone }: Scene): string | number {
  if (name === 'username') return gone.username;
  if (name === 'name' || name === 'tier_name') return gone.tierName;
  if (route.includes('/post/') || route.includes('/db_post/')) return gone.postId;
  if (route.includes('/sessions/')) return gone.sessionId;
  if (route.includes('/rate_limit/')) return gone.ruleId;
  return randomUUID();
}

async function liveValue(route: string, name: string, owner: Person, scene: Scene): Promise<string | number> {
  const { world, tier } = scene;
  const changes = !route.startsWith('GET');
  if (name === 'username') return owner.username;
  if (name === 'name') return changes ? (await makeTier(world.admin)).name : tier.name;
  if (name === 'tier_name') return tier.name;
  if (route.includes('/post/') || route.includes('/db_post/')) return makePost(owner);
  if (route.includes('/sessions/')) return String(claimsOf((await logIn(owner)).token).sid);
  if (route.includes('/rate_limit/')) return changes ? makeRule(scene) : tier.ruleIds[0]!;
  if (route.includes('/tasks/task/')) return makeTask(owner.token);
  return randomUUID();
}

async function makeRule({ world, tier }: Scene): Promise<number> {
  const path = `api/v1/${randomUUID()}`;
  const answer = await api(`POST /tier/${tier.name}/rate_limit`, {
    token: world.admin,
    body: { path, limit: 1, period: 1 },
  });
  return answer.body.id;
}

/** Puts what is known by now in place of what stands for it. */
export function fillIn(value: unknown, { person }: Subject, { tier }: Scene): unknown {
  if (value === PASSWORD) return person.password;
  if (value === USERNAME) return person.username;
  if (value === TIER_ID) return tier.id;
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      fillIn(inner, { person, path: {} }, { tier } as Scene),
    ]),
  );
}
