import type { Attack } from '../attack.ts';
import type { Fixture } from '../fixture.ts';
import { type Api, api, type ApiAnswer } from '../../support/api.ts';
import { assignTier, createTier } from '../../support/tiers.ts';
import { createUser, logIn } from '../../support/users.ts';
import { countByStatus } from './count-by-status.ts';

const LIMITED = '429 Rate limit exceeded.';
const TASK = 'POST /tasks/task?message=x';

/** The answer to the eleventh request of a client. The default limit is ten. */
function eleventh(
  name: string,
  asvs: string,
  send: (client: Api, index: number) => Promise<ApiAnswer>,
): Attack {
  return {
    name,
    asvs,
    api: 'API4',
    attempt: async ({ newClient }) => {
      const client = newClient();
      for (let i = 0; i < 10; i++) await send(client, i);
      return send(client, 10);
    },
    expected: LIMITED,
  };
}

/** A body of so many bytes, to a route with a lower limit. */
function tooLong(
  name: string,
  bytes: number,
  target: (fixture: Fixture) => Api,
  route: `POST /${string}`,
): Attack {
  return {
    name,
    asvs: '15.2.2',
    api: 'API4',
    attempt: (fixture) =>
      target(fixture)(route, { body: { name: 'x'.repeat(bytes) }, token: fixture.alice.token }),
    expected: '413',
  };
}

/** The longest valid post: every character is an escaped surrogate pair. */
const longestPost = () => ({
  raw: `{"title":"${'\\ud83d\\ude00'.repeat(30)}","text":"${'\\ud83d\\ude00'.repeat(63_206)}","media_url":"https://example.com/${'x'.repeat(2_028)}"}`,
  headers: { 'Content-Type': 'application/json' },
});

export const LIMITS: Attack[] = [
  eleventh('one request more than the limit', '2.4.1', (client) => client(TASK)),
  eleventh('another forwarding header with each request', '4.1.3', (client, i) =>
    client(TASK, {
      headers: {
        'X-Forwarded-For': `203.0.113.${i}`,
        'X-Real-IP': `203.0.113.${i}`,
        'CF-Connecting-IP': `203.0.113.${i}`,
      },
    }),
  ),
  eleventh('another invalid token with each request', '2.4.1', (client, i) =>
    client(TASK, { token: `in.valid.${i}` }),
  ),
  eleventh('another spelling of the path with each request', '2.4.1', (client, i) =>
    client(`POST /tasks/task${i % 2 ? '/' : ''}?message=x&n=${i}`),
  ),
  eleventh('another Host with each request', '2.4.1', (client, i) =>
    client(TASK, { headers: { Host: `host${i}.example` } }),
  ),
  {
    name: '50 concurrent requests',
    asvs: '15.4.2',
    api: 'API4',
    attempt: async ({ newClient }) => {
      const client = newClient();
      return countByStatus(await Promise.all(Array.from({ length: 50 }, () => client(TASK))));
    },
    expected: '10 × 201, 40 × 429',
  },
  {
    name: '10 requests of one user in five sessions, with a limit of 5',
    asvs: '2.4.1',
    api: 'API4',
    attempt: async ({ admin }) => {
      const user = await createUser();
      const tier = await createTier(admin, { path: 'api/v1/tasks/task', limit: 5, period: 3600 });
      await assignTier(admin, user, tier.id);
      const sessions = await Promise.all(Array.from({ length: 5 }, () => logIn(user)));
      const tokens = [...sessions, ...sessions].map(({ token }) => token);
      return countByStatus(await Promise.all(tokens.map((token) => api(TASK, { token }))));
    },
    expected: '5 × 201, 5 × 429',
  },
  {
    name: 'a page of 1,000,000 items',
    asvs: '2.2.1',
    api: 'API4',
    attempt: () => api('GET /users?items_per_page=1000000'),
    expected: '422',
  },
  {
    name: 'the page 2,147,483,647',
    asvs: '1.4.2',
    api: 'API4',
    attempt: () => api('GET /users?page=2147483647&items_per_page=100'),
    expected: '200',
  },
  tooLong('a body of 20 KB at the gateway', 20_000, () => api, 'POST /user'),
  tooLong('a body of 20 KB at a service', 20_000, ({ service }) => service('users'), 'POST /user'),
  tooLong('a body of 1 MB at the gateway, on the route of posts', 1_000_000, () => api, 'POST /anyone/post'),
  tooLong(
    'a body of 1 MB at a service, on the route of posts',
    1_000_000,
    ({ service }) => service('posts'),
    'POST /anyone/post',
  ),
  {
    name: 'the longest valid post at the gateway',
    asvs: '2.1.3',
    api: 'API4',
    attempt: ({ alice: { token, username } }) => {
      const { raw, headers } = longestPost();
      return api(`POST /${username}/post`, { raw, headers, token });
    },
    expected: '201',
  },
  {
    name: 'the longest valid post at a service',
    asvs: '2.1.3',
    api: 'API4',
    attempt: ({ alice: { token, username }, service }) => {
      const { raw, headers } = longestPost();
      return service('posts')(`POST /${username}/post`, { raw, headers, token });
    },
    expected: '201',
  },
  {
    name: 'a URL of 9,000 characters',
    asvs: '15.2.2',
    api: 'API4',
    attempt: () => api(`GET /user/${'x'.repeat(9_000)}`),
    expected: '414',
  },
  {
    name: 'a header of 20,000 characters',
    asvs: '15.2.2',
    api: 'API4',
    attempt: ({ newClient }) => newClient()('GET /users', { headers: { 'X-Long': 'x'.repeat(20_000) } }),
    expected: '431',
  },
  {
    name: 'a message of 10,001 characters',
    asvs: '2.2.1',
    api: 'API4',
    attempt: ({ newClient }) => newClient()(`POST /tasks/task?message=${'x'.repeat(10_001)}`),
    expected: '422',
  },
  {
    name: 'rate limits of 0, -1 and 2,147,483,648',
    asvs: '1.4.2',
    api: 'API4',
    attempt: async ({ admin }) => {
      const { name } = await createTier(admin);
      const answers = [0, -1, 2_147_483_648].map((limit) =>
        api(`POST /tier/${name}/rate_limit`, {
          token: admin,
          body: { path: 'api/v1/tasks/task', limit, period: 60 },
        }),
      );
      return countByStatus(await Promise.all(answers));
    },
    expected: '3 × 422',
  },
];
