import { randomBytes } from 'node:crypto';
import type { Schemas } from '@repo/api-client';
import type { ApiRequest } from '../../../support/api.ts';
import { adminToken, type User } from '../../../support/users.ts';
import { readAll, request } from './api.ts';
import type { Stack } from '../stack.ts';

/** A kind of request of a load. */
export interface Kind {
  /** Status of a success. */
  status: number;
  /** The request with this number. */
  request(n: number): [route: `${string} /${string}`, options?: ApiRequest];
  /** The numbers of the requests that took effect. */
  applied?(): Promise<number[]>;
  undo?(): Promise<void>;
}

/** A read and a write of every HTTP service. */
export async function kindsOf(
  stack: Stack,
  { username, password, token }: User,
): Promise<Record<string, Kind>> {
  const admin = await adminToken();
  const prefix = `load ${randomBytes(4).toString('hex')}`;
  const numberOf = (text: string) => Number(/(\d+)$/.exec(text)?.[1]);
  return {
    'GET posts': { status: 200, request: () => [`GET /api/v1/${username}/posts`] },
    'POST post': {
      status: 201,
      request: (n) => [
        `POST /api/v1/${username}/post`,
        { token, body: { title: `post ${n}`, text: 'Text.' } },
      ],
      applied: async () =>
        (await readAll<Schemas['PostRead']>(`/${username}/posts`)).map(({ title }) => numberOf(title)),
    },
    'GET user': { status: 200, request: () => [`GET /api/v1/user/${username}`] },
    'POST tier': {
      status: 201,
      request: (n) => ['POST /api/v1/tier', { token: admin, body: { name: `${prefix} ${n}` } }],
      applied: async () =>
        (await readAll<Schemas['TierRead']>('/tiers'))
          .filter(({ name }) => name.startsWith(`${prefix} `))
          .map(({ name }) => numberOf(name)),
    },
    'GET keys': { status: 200, request: () => ['GET /.well-known/jwks.json'] },
    'POST login': {
      status: 200,
      request: (n) => [
        'POST /api/v1/login',
        { form: { username, password }, headers: { 'User-Agent': `${prefix} ${n}` } },
      ],
      // From the database: the API lists the newest hundred sessions only.
      applied: async () =>
        (await stack.query(`SELECT user_agent FROM auth.sessions WHERE user_agent LIKE '${prefix} %'`)).map(
          numberOf,
        ),
    },
    'GET tasks': { status: 200, request: () => ['GET /api/v1/tasks?cursor=&items_per_page=10', { token }] },
    'POST task': {
      status: 201,
      request: (n) => [`POST /api/v1/tasks/task?message=${n}`, { token }],
      applied: async () =>
        (await readAll<Schemas['TaskRead']>('/tasks', token)).map(({ args }) => numberOf(String(args[0]))),
      undo: async () => {
        for (const { id, start_time } of await readAll<Schemas['TaskRead']>('/tasks', token))
          // A task that has started meanwhile cannot be cancelled, and ends soon.
          if (!start_time) await request(`DELETE /tasks/task/${id}`, { token }).catch(() => undefined);
      },
    },
  };
}
