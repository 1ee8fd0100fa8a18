import type { Api, ApiAnswer } from '@repo/testing/api-client';
import type { Attack } from '../attack.js';
import type { World } from '../world.js';
import { api } from '../../support/gateway.js';
import { assignTier, makeTier } from '../../support/make.js';
import { join, logIn } from '../../support/people.js';
import { countOf } from './counting.js';

const SLOWED = '429 Rate limit exceeded.';
const TASK = 'POST /tasks/task?message=x';

/** Ten calls are free; this is what comes of the eleventh, made as an attacker would make it. */
function eleventh(
  name: string,
  asvs: string,
  call: (stranger: Api, index: number) => Promise<ApiAnswer>,
): Attack {
  return {
    name,
    asvs,
    api: 'API4',
    attempt: async ({ stranger }) => {
      const from = stranger();
      for (let i = 0; i < 10; i++) await call(from, i);
      return call(from, 10);
    },
    right: SLOWED,
  };
}

/** A body of so many bytes, to a route that takes less. */
function tooLong(
  name: string,
  bytes: number,
  target: (world: World) => Api,
  route: `POST /${string}`,
): Attack {
  return {
    name,
    asvs: '15.2.2',
    api: 'API4',
    attempt: (world) => target(world)(route, { body: { name: 'x'.repeat(bytes) }, token: world.alice.token }),
    right: '413',
  };
}

/** The longest legal post: every character as an escaped pair of surrogates. */
const longestPost = () => ({
  raw: `{"title":"${'\\ud83d\\ude00'.repeat(30)}","text":"${'\\ud83d\\ude00'.repeat(63_206)}","media_url":"https://example.com/${'x'.repeat(2_028)}"}`,
  headers: { 'Content-Type': 'application/json' },
});

export const LIMITS: Attack[] = [
  eleventh('one call more than the limit', '2.4.1', (from) => from(TASK)),
  eleventh('a made-up forwarding header with each call', '4.1.3', (from, i) =>
    from(TASK, {
      headers: {
        'X-Forwarded-For': `203.0.113.${i}`,
        'X-Real-IP': `203.0.113.${i}`,
        'CF-Connecting-IP': `203.0.113.${i}`,
      },
    }),
  ),
  eleventh('a made-up token with each call', '2.4.1', (from, i) => from(TASK, { token: `made.up.${i}` })),
  eleventh('another spelling of the path with each call', '2.4.1', (from, i) =>
    from(`POST /tasks/task${i % 2 ? '/' : ''}?message=x&n=${i}`),
  ),
  eleventh('another Host with each call', '2.4.1', (from, i) =>
    from(TASK, { headers: { Host: `host${i}.example` } }),
  ),
  {
    name: '50 calls at the same time',
    asvs: '15.4.2',
    api: 'API4',
    attempt: async ({ stranger }) => {
      const from = stranger();
      return countOf(await Promise.all(Array.from({ length: 50 }, () => from(TASK))));
    },
    right: '10 × 201, 40 × 429',
  },
  {
    name: 'the calls of one user, over five sessions',
    asvs: '2.4.1',
    api: 'API4',
    attempt: async ({ admin }) => {
      const person = await join();
      const tier = await makeTier(admin, { path: 'api/v1/tasks/task', limit: 5, period: 3600 });
      await assignTier(admin, person, tier.id);
      const sessions = await Promise.all(Array.from({ length: 5 }, () => logIn(person)));
      const tokens = [...sessions, ...sessions].map(({ token }) => token);
      return countOf(await Promise.all(tokens.map((token) => api(TASK, { token }))));
    },
    right: '5 × 201, 5 × 429',
  },
  {
    name: 'a page of a million rows',
    asvs: '2.2.1',
    api: 'API4',
    attempt: () => api('GET /users?items_per_page=1000000'),
    right: '422',
  },
  {
    name: 'a page at the end of all numbers',
    asvs: '1.4.2',
    api: 'API4',
    attempt: () => api('GET /users?page=2147483647&items_per_page=100'),
    right: '200',
  },
  tooLong('a body of 20 KB at the gateway', 20_000, () => api, 'POST /user'),
  tooLong('a body of 20 KB at a service', 20_000, ({ service }) => service('users'), 'POST /user'),
  tooLong('a body of 1 MB at the gateway, where posts go', 1_000_000, () => api, 'POST /somebody/post'),
  tooLong(
    'a body of 1 MB at a service, where posts go',
    1_000_000,
    ({ service }) => service('posts'),
    'POST /somebody/post',
  ),
  {
    name: 'the longest legal post, which is none',
    asvs: '2.1.3',
    api: 'API4',
    attempt: ({ alice: { token, username } }) => {
      const { raw, headers } = longestPost();
      return api(`POST /${username}/post`, { raw, headers, token });
    },
    right: '201',
  },
  {
    name: 'the longest legal post at the service itself',
    asvs: '2.1.3',
    api: 'API4',
    attempt: ({ alice: { token, username }, service }) => {
      const { raw, headers } = longestPost();
      return service('posts')(`POST /${username}/post`, { raw, headers, token });
    },
    right: '201',
  },
  {
    name: 'an address of 9,000 characters',
    asvs: '15.2.2',
    api: 'API4',
    attempt: () => api(`GET /user/${'x'.repeat(9_000)}`),
    right: '414',
  },
  {
    name: 'a header of 20,000 characters',
    asvs: '15.2.2',
    api: 'API4',
    attempt: ({ stranger }) => stranger()('GET /users', { headers: { 'X-Long': 'x'.repeat(20_000) } }),
    right: '431',
  },
  {
    name: 'a message of 10,001 characters',
    asvs: '2.2.1',
    api: 'API4',
    attempt: ({ stranger }) => stranger()(`POST /tasks/task?message=${'x'.repeat(10_001)}`),
    right: '422',
  },
  {
    name: 'a limit of nothing, and one of 2,147,483,648',
    asvs: '1.4.2',
    api: 'API4',
    attempt: async ({ admin }) => {
      const { name } = await makeTier(admin);
      const answers = [0, -1, 2_147_483_648].map((limit) =>
        api(`POST /tier/${name}/rate_limit`, {
          token: admin,
          body: { path: 'api/v1/tasks/task', limit, period: 60 },
        }),
      );
      return countOf(await Promise.all(answers));
    },
    right: '3 × 422',
  },
];
