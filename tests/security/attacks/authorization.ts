import type { Attack, Result } from '../attack.ts';
import type { Fixture } from '../fixture.ts';
import { api, gateway } from '../../support/api.ts';
import { claimsOf, createUser, newUser, type User } from '../../support/users.ts';
import { createPost } from '../../support/posts.ts';
import { ALL_ROUTES, fill } from '../../support/routes.ts';
import { createTask } from '../../support/tasks.ts';

const ANYTHING = { username: 'unknownuser', name: 'nothing', tier_name: 'nothing', id: '1' };
const NO_PRIVILEGES = '403 You do not have enough privileges.';
const NOT_OWNER = '403 Request forbidden -- authorization will not help';

const closed = ALL_ROUTES.filter(([, access]) => access !== 'anyone').map(([route]) => route);
const forSuperusers = ALL_ROUTES.filter(([, access]) => access === 'superuser').map(([route]) => route);

/** A new user, Mallory, tries what only another user may do. */
function byMallory(
  name: string,
  attempt: (mallory: User, fixture: Fixture) => Promise<Result>,
  expected: string,
  asvs = '8.2.2',
): Attack {
  return {
    name,
    asvs,
    api: 'API1',
    attempt: async (fixture) => attempt(await createUser(), fixture),
    expected,
  };
}

/** A body with a field that clients must not set. */
function withField(
  route: (fixture: Fixture) => `${string} /${string}`,
  what: string,
  field: object,
  body: object = {},
): Attack {
  return {
    name: `${what} with the field ${Object.keys(field)[0]}`,
    asvs: '15.3.3',
    api: 'API3',
    attempt: (fixture) => api(route(fixture), { token: fixture.alice.token, body: { ...body, ...field } }),
    expected: '422',
  };
}

const ownProfile = ({ alice }: Fixture) => `PATCH /user/${alice.username}` as const;
const ownPost = ({ alice }: Fixture) => `POST /${alice.username}/post` as const;
const post = { title: 'A post', text: 'Its text.' };

export const AUTHORIZATION: Attack[] = [
  ...closed.map((route): Attack => ({
    name: `${route} without a token`,
    asvs: '8.3.1',
    api: 'API2',
    attempt: () => api(fill(route, ANYTHING)),
    expected: '401 Not authenticated',
  })),
  ...forSuperusers.map((route): Attack => ({
    name: `${route} as a user`,
    asvs: '8.2.1',
    api: 'API5',
    attempt: ({ alice }) => api(fill(route, ANYTHING), { token: alice.token }),
    expected: NO_PRIVILEGES,
  })),
  {
    name: "a superuser's route at a service, as a user",
    asvs: '8.3.1',
    api: 'API5',
    attempt: ({ service, alice }) =>
      service('users')('POST /tier', { token: alice.token, body: { name: 'x' } }),
    expected: NO_PRIVILEGES,
  },
  {
    name: 'headers that claim an identity, at a service',
    asvs: '4.1.3',
    api: 'API5',
    attempt: ({ service }) =>
      service('users')('GET /user/me', {
        headers: {
          'X-User-Id': '1',
          'X-Forwarded-User': 'admin',
          'X-Is-Superuser': 'true',
          'X-Original-URL': '/api/v1/users',
        },
      }),
    expected: '401 Not authenticated',
  },
  {
    name: 'a method in a header (X-HTTP-Method-Override)',
    asvs: '4.1.4',
    api: 'API5',
    attempt: ({ alice, bob }) =>
      api(`GET /user/${bob.username}`, {
        token: alice.token,
        headers: { 'X-HTTP-Method-Override': 'DELETE' },
      }),
    expected: '200',
  },
  byMallory(
    'change the profile of another user',
    ({ token }, { bob }) => api(`PATCH /user/${bob.username}`, { token, body: { name: 'Mallory' } }),
    NOT_OWNER,
  ),
  byMallory(
    'delete another user',
    ({ token }, { bob }) => api(`DELETE /user/${bob.username}`, { token }),
    NOT_OWNER,
  ),
  byMallory(
    'create a post of another user',
    ({ token }, { bob }) => api(`POST /${bob.username}/post`, { token, body: post }),
    NOT_OWNER,
  ),
  byMallory(
    'change the post of another user',
    async ({ token }, { bob }) =>
      api(`PATCH /${bob.username}/post/${await createPost(bob)}`, { token, body: { title: 'Mine now' } }),
    NOT_OWNER,
  ),
  byMallory(
    'change the post of another user under the own name',
    async ({ token, username }, { bob }) =>
      api(`PATCH /${username}/post/${await createPost(bob)}`, { token, body: { title: 'Mine now' } }),
    '404 Post not found',
  ),
  byMallory(
    'delete the post of another user under the own name',
    async ({ token, username }, { bob }) =>
      api(`DELETE /${username}/post/${await createPost(bob)}`, { token }),
    '404 Post not found',
  ),
  byMallory(
    'end the session of another user',
    ({ token }, { bob }) => api(`DELETE /sessions/${String(claimsOf(bob.token).sid)}`, { token }),
    '404 Session not found',
  ),
  byMallory(
    'read the task of another user',
    async ({ token }, { bob }) => api(`GET /tasks/task/${await createTask(bob.token)}`, { token }),
    '404 Task not found',
  ),
  byMallory(
    'read the task of a user without a token',
    async (_, { bob }) => api(`GET /tasks/task/${await createTask(bob.token)}`),
    '404 Task not found',
  ),
  byMallory(
    'cancel the task of another user',
    async ({ token }, { bob }) => api(`DELETE /tasks/task/${await createTask(bob.token)}`, { token }),
    '404 Task not found',
  ),
  byMallory(
    'find the tasks of another user in the own list',
    async ({ token }, { bob }) => {
      await createTask(bob.token);
      const { body } = await api('GET /tasks', { token });
      return `${body.total_count} found`;
    },
    '0 found',
  ),
  byMallory(
    'read the email addresses of all users',
    async ({ token }) => {
      const { text } = await api('GET /users?items_per_page=100', { token });
      return text.includes('@') ? 'an address' : 'no address';
    },
    'no address',
    '8.2.3',
  ),
  byMallory(
    'read the email address of another user',
    async ({ token }, { bob }) => {
      const { text } = await api(`GET /user/${bob.username}`, { token });
      return text.includes('@') ? 'an address' : 'no address';
    },
    'no address',
    '8.2.3',
  ),
  byMallory(
    'read a password, a hash or a privilege in the own data',
    async ({ token }) => {
      const { body } = await api('GET /user/me', { token });
      const secrets = Object.keys(body).filter((name) => /password|hash|superuser|token/.test(name));
      return secrets.join(' ') || 'none';
    },
    'none',
    '15.3.1',
  ),
  byMallory(
    'change the own tier',
    ({ token, username }) => api(`PATCH /user/${username}/tier`, { token, body: { tier_id: 1 } }),
    NO_PRIVILEGES,
    '8.2.1',
  ),
  byMallory(
    'act under a former name that another user has now',
    async (mallory) => {
      const former = mallory.username;
      await api(`PATCH /user/${former}`, { token: mallory.token, body: { username: newUser().username } });
      await createUser({ username: former });
      return api(`PATCH /user/${former}`, { token: mallory.token, body: { name: 'Mallory' } });
    },
    NOT_OWNER,
  ),
  withField(ownProfile, 'a change of the own profile', { is_superuser: true }),
  withField(ownProfile, 'a change of the own profile', { tier_id: 1 }),
  withField(ownProfile, 'a change of the own profile', { id: 1 }),
  withField(ownProfile, 'a change of the own profile', { password: 'another long one 9' }),
  withField(ownPost, 'a new post', { created_by_user_id: 1 }, post),
  withField(ownPost, 'a new post', { created_at: '2020-01-01T00:00:00Z' }, post),
  withField(ownPost, 'a new post', { id: 1 }, post),
  ...(
    [
      '/metrics',
      '/health/ready',
      '/health/live',
      '/.problem',
      '/.delete',
      '/nginx_status',
      '/.git/config',
      '/.env',
      '/api/v1/../../metrics',
      '/api/v2/users',
      '/graphql',
      '/server-status',
    ] as const
  ).map((path): Attack => ({
    name: `GET ${path} at the gateway`,
    asvs: '13.4.5',
    api: 'API9',
    attempt: () => gateway(`GET ${path}`),
    expected: '404 Not Found',
  })),
];
