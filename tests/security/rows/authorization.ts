import type { Attack, Outcome } from '../attack.js';
import { claimsOf } from '../forge.js';
import type { World } from '../world.js';
import { api, gateway } from '../../support/gateway.js';
import { join, newUser, type Person } from '../../support/people.js';
import { makePost } from '../../support/posts.js';
import { ALL_ROUTES, fill } from '../../support/routes.js';
import { makeTask } from '../../support/tasks.js';

const ANYTHING = { username: 'nobodyatall', name: 'nothing', tier_name: 'nothing', id: '1' };
const NO_PRIVILEGES = '403 You do not have enough privileges.';
const NOT_OWNER = '403 Request forbidden -- authorization will not help';

const closed = ALL_ROUTES.filter(([, access]) => access !== 'anyone').map(([route]) => route);
const forSuperusers = ALL_ROUTES.filter(([, access]) => access === 'superuser').map(([route]) => route);

/** Mallory, who is somebody, tries what is only for somebody else. */
function trespass(
  name: string,
  attempt: (mallory: Person, world: World) => Promise<Outcome>,
  right: string,
  asvs = '8.2.2',
): Attack {
  return { name, asvs, api: 'API1', attempt: async (world) => attempt(await join(), world), right };
}

/** A field that a client must not set. */
function planted(
  route: (world: World) => `${string} /${string}`,
  what: string,
  field: object,
  body: object = {},
): Attack {
  return {
    name: `${what}: the field ${Object.keys(field)[0]}`,
    asvs: '15.3.3',
    api: 'API3',
    attempt: (world) => api(route(world), { token: world.alice.token, body: { ...body, ...field } }),
    right: '422',
  };
}

const ownProfile = ({ alice }: World) => `PATCH /user/${alice.username}` as const;
const ownPost = ({ alice }: World) => `POST /${alice.username}/post` as const;
const post = { title: 'A post', text: 'Its text.' };

export const AUTHORIZATION: Attack[] = [
  ...closed.map((route): Attack => ({
    name: `${route} without a token`,
    asvs: '8.3.1',
    api: 'API2',
    attempt: () => api(fill(route, ANYTHING)),
    right: '401 Not authenticated',
  })),
  ...forSuperusers.map((route): Attack => ({
    name: `${route} as a user`,
    asvs: '8.2.1',
    api: 'API5',
    attempt: ({ alice }) => api(fill(route, ANYTHING), { token: alice.token }),
    right: NO_PRIVILEGES,
  })),
  {
    name: "a superuser's route at a service's own port, as a user",
    asvs: '8.3.1',
    api: 'API5',
    attempt: ({ service, alice }) =>
      service('users')('POST /tier', { token: alice.token, body: { name: 'x' } }),
    right: NO_PRIVILEGES,
  },
  {
    name: 'headers that claim an identity, at a service itself',
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
    right: '401 Not authenticated',
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
    right: '200',
  },
  trespass(
    "change another's profile",
    ({ token }, { bob }) => api(`PATCH /user/${bob.username}`, { token, body: { name: 'Mallory' } }),
    NOT_OWNER,
  ),
  trespass(
    'delete another',
    ({ token }, { bob }) => api(`DELETE /user/${bob.username}`, { token }),
    NOT_OWNER,
  ),
  trespass(
    "post under another's name",
    ({ token }, { bob }) => api(`POST /${bob.username}/post`, { token, body: post }),
    NOT_OWNER,
  ),
  trespass(
    "change another's post",
    async ({ token }, { bob }) =>
      api(`PATCH /${bob.username}/post/${await makePost(bob)}`, { token, body: { title: 'Mine now' } }),
    NOT_OWNER,
  ),
  trespass(
    "change another's post under one's own name",
    async ({ token, username }, { bob }) =>
      api(`PATCH /${username}/post/${await makePost(bob)}`, { token, body: { title: 'Mine now' } }),
    '404 Post not found',
  ),
  trespass(
    "delete another's post under one's own name",
    async ({ token, username }, { bob }) => api(`DELETE /${username}/post/${await makePost(bob)}`, { token }),
    '404 Post not found',
  ),
  trespass(
    "end another's session",
    ({ token }, { bob }) => api(`DELETE /sessions/${String(claimsOf(bob.token).sid)}`, { token }),
    '404 Session not found',
  ),
  trespass(
    "look at another's task",
    async ({ token }, { bob }) => api(`GET /tasks/task/${await makeTask(bob.token)}`, { token }),
    '404 Task not found',
  ),
  trespass(
    "look at another's task without a token",
    async (_, { bob }) => api(`GET /tasks/task/${await makeTask(bob.token)}`),
    '404 Task not found',
  ),
  trespass(
    "cancel another's task",
    async ({ token }, { bob }) => api(`DELETE /tasks/task/${await makeTask(bob.token)}`, { token }),
    '404 Task not found',
  ),
  trespass(
    "find another's tasks in one's own list",
    async ({ token }, { bob }) => {
      await makeTask(bob.token);
      const { body } = await api('GET /tasks', { token });
      return `${body.total_count} found`;
    },
    '0 found',
  ),
  trespass(
    'read the addresses of all users',
    async ({ token }) => {
      const { text } = await api('GET /users?items_per_page=100', { token });
      return text.includes('@') ? 'an address' : 'no address';
    },
    'no address',
    '8.2.3',
  ),
  trespass(
    "read another's address",
    async ({ token }, { bob }) => {
      const { text } = await api(`GET /user/${bob.username}`, { token });
      return text.includes('@') ? 'an address' : 'no address';
    },
    'no address',
    '8.2.3',
  ),
  trespass(
    'read a password, a hash or a privilege in the own data',
    async ({ token }) => {
      const { body } = await api('GET /user/me', { token });
      return Object.keys(body).sort().join(' ');
    },
    'email id name profile_image_url tier_id username',
    '15.3.1',
  ),
  trespass(
    'put oneself into a tier',
    ({ token, username }) => api(`PATCH /user/${username}/tier`, { token, body: { tier_id: 1 } }),
    NO_PRIVILEGES,
    '8.2.1',
  ),
  trespass(
    'act under a name that somebody else has by now',
    async (mallory) => {
      const former = mallory.username;
      await api(`PATCH /user/${former}`, { token: mallory.token, body: { username: newUser().username } });
      await join({ username: former });
      return api(`PATCH /user/${former}`, { token: mallory.token, body: { name: 'Mallory' } });
    },
    NOT_OWNER,
  ),
  planted(ownProfile, 'a change of the own profile', { is_superuser: true }),
  planted(ownProfile, 'a change of the own profile', { tier_id: 1 }),
  planted(ownProfile, 'a change of the own profile', { id: 1 }),
  planted(ownProfile, 'a change of the own profile', { password: 'another long one 9' }),
  planted(ownPost, 'a new post', { created_by_user_id: 1 }, post),
  planted(ownPost, 'a new post', { created_at: '2020-01-01T00:00:00Z' }, post),
  planted(ownPost, 'a new post', { id: 1 }, post),
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
    right: '404 Not Found',
  })),
];
