import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Api, runCommandFile, type TestApp } from '@repo/testing';
import { UsersRepository } from '../src/users/users.repository.js';
import {
  assignTier,
  createTier,
  type SignedUp,
  signUp,
  signUpOf,
  startUsersApp,
  superuser,
  unique,
} from './users-app.js';

interface Fixture {
  user: SignedUp;
  tier: { id: number; name: string };
  limitId: number;
  otherTierId: number;
  /** Names that no user and no tier has until a write gives it to one. */
  newName: string;
}

let app: TestApp;
let replica: Awaited<ReturnType<TestApp['replica']>>;

beforeAll(async () => {
  app = await startUsersApp();
  replica = await app.replica();
});
afterAll(async () => {
  await replica?.close();
  await app?.close();
});
afterEach(() => {
  jest.restoreAllMocks();
});

async function createFixture(): Promise<Fixture> {
  const user = await signUp(app.api);
  const tier = await createTier(app.api);
  await assignTier(app.api, user.username, tier.id);
  const body = { path: '/api/v1/tasks/task', limit: 5, period: 60, name: unique('limit ') };
  const limit = await app.api(`POST /tier/${tier.name}/rate_limit`, { token: superuser, body });
  const { id: otherTierId } = await createTier(app.api);
  return { user, tier, limitId: limit.body.id, otherTierId, newName: unique() };
}

interface Read {
  path: `/${string}`;
  /** The same response, with a query that is not in the key. */
  uncached: `/${string}`;
}

/** A read of each cached route, by the names before and after a write. */
function readsOf({ user: { username }, tier: { name }, limitId, newName }: Fixture): Read[] {
  const ofUser = (one: string): Read[] => [
    { path: `/user/${one}`, uncached: `/user/${one}?x=1` },
    { path: `/user/${one}/tier`, uncached: `/user/${one}/tier?x=1` },
  ];
  const ofTier = (one: string): Read[] => [
    { path: `/tier/${one}`, uncached: `/tier/${one}?x=1` },
    { path: `/tier/${one}/rate_limit/${limitId}`, uncached: `/tier/${one}/rate_limit/${limitId}?x=1` },
    { path: `/tier/${one}/rate_limits`, uncached: `/tier/${one}/rate_limits?id__gte=0` },
  ];
  return [
    ...[username, newName].flatMap(ofUser),
    ...[name, newName].flatMap(ofTier),
    { path: '/users?sort=-id', uncached: '/users?sort=-id&id__gte=0' },
    { path: '/tiers?sort=-id', uncached: '/tiers?sort=-id&id__gte=0' },
  ];
}

const WRITES: [string, (api: Api, fixture: Fixture) => Promise<unknown>][] = [
  ['a sign-up', (api, { newName }) => api('POST /user', { body: signUpOf(newName) })],
  [
    'a new name of a user',
    (api, { user: { username, token }, newName }) =>
      api(`PATCH /user/${username}`, { token, body: { username: newName } }),
  ],
  [
    'another display name of a user',
    (api, { user: { username, token } }) =>
      api(`PATCH /user/${username}`, { token, body: { name: 'Other' } }),
  ],
  ['another tier of a user', (api, { user, otherTierId }) => assignTier(api, user.username, otherTierId)],
  ['a deleted user', (api, { user: { username, token } }) => api(`DELETE /user/${username}`, { token })],
  [
    'a user deleted from the database',
    (api, { user: { username } }) => api(`DELETE /db_user/${username}`, { token: superuser }),
  ],
  ['a new tier', (api, { newName }) => createTier(api, newName)],
  [
    'a new name of a tier',
    (api, { tier: { name }, newName }) =>
      api(`PATCH /tier/${name}`, { token: superuser, body: { name: newName } }),
  ],
  [
    'a changed rate limit',
    (api, { tier: { name }, limitId }) =>
      api(`PATCH /tier/${name}/rate_limit/${limitId}`, { token: superuser, body: { limit: 7 } }),
  ],
  [
    'a deleted rate limit',
    (api, { tier: { name }, limitId }) =>
      api(`DELETE /tier/${name}/rate_limit/${limitId}`, { token: superuser }),
  ],
  [
    'a user disabled by an operator',
    (_api, { user: { username } }) =>
      runCommandFile(join(import.meta.dirname, '../src/commands/disable-user.js'), [username], app.env),
  ],
];

describe('cached public reads', () => {
  it('do not query the database again', async () => {
    const { user } = await createFixture();
    const find = jest.spyOn(app.nest.get(UsersRepository), 'findByUsername');

    for (let times = 0; times < 3; times++) await app.api(`GET /user/${user.username}`);

    expect(find).toHaveBeenCalledTimes(1);
  });

  it.each(WRITES)('show %s immediately, on every replica', async (_name, write) => {
    const fixture = await createFixture();
    const reads = readsOf(fixture);
    const cached = reads.map(({ path }) => path);
    for (const { api } of [app, replica]) for (let times = 0; times < 2; times++) await readAll(api, cached);
    const before = await readAll(replica.api, cached);

    await write(app.api, fixture);

    const changed = await readAll(
      app.api,
      reads.map(({ uncached }) => uncached),
    );
    expect(changed).not.toEqual(before);
    for (const { api } of [app, replica]) expect(await readAll(api, cached)).toEqual(changed);
  });
});

/** Status and content of each response; errors also name the request. */
const readAll = (api: Api, paths: `/${string}`[]) =>
  Promise.all(
    paths.map(async (path) => {
      const { status, body } = await api(`GET ${path}`);
      return { status, content: body.data ?? body.detail ?? body };
    }),
  );
