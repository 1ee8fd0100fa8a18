import { randomBytes, randomInt } from 'node:crypto';
import type { CheckPassword, GetRateLimitRule, RateLimitRule, UserSnapshot } from '@repo/contracts';
import { UnavailableError } from '@repo/core';
import { Database } from '@repo/database';
import { Requests } from '@repo/messaging';
import { type ApiAnswer, createTestApp, type TestApp, testToken } from '@repo/testing';
import { JobsConfig } from '../src/app.config.js';
import { AppModule } from '../src/app.module.js';
import { schema } from '../src/database/data-source.js';
import { ROOT_PATHS } from '../src/root-paths.js';

/** Fake of the requests to users (rate-limit rules) and auth (passwords). */
class FakeUsers {
  readonly rules = new Map<string, RateLimitRule>();
  unavailable = false;

  setRule(userId: number, path: string, rule: RateLimitRule): void {
    this.rules.set(`${userId} ${path}`, rule);
  }

  async request(name: string, data: GetRateLimitRule | CheckPassword): Promise<unknown> {
    if (this.unavailable) throw new UnavailableError();
    if ('path' in data) return this.rules.get(`${data.userId} ${data.path}`) ?? null;
    if (name !== 'auth.check-password') throw new Error(`Not expected: ${name}`);
    const { login, password } = data;
    return password === PASSWORD ? { isSuperuser: login === 'superuser' } : null;
  }
}

/** The password of all users. The user with the login `superuser` is one. */
export const PASSWORD = 'password-of-all-users';

export interface Caller {
  id: number;
  token: string;
}

export interface JobsApp extends TestApp<JobsConfig> {
  users: FakeUsers;
  /** Sends `POST /tasks/task`, from a random address by default. */
  post(message: string, request?: { token?: string; address?: string }): Promise<ApiAnswer>;
  /** Creates a task. @returns its id */
  aTask(caller?: Caller): Promise<string>;
  /** Publishes `user.hard-deleted`. Resolves when it is applied. */
  hardDeleteUser(id: number): Promise<void>;
}

export async function startJobs(env: Record<string, string> = {}): Promise<JobsApp> {
  const users = new FakeUsers();
  const app = await createTestApp(AppModule, JobsConfig, {
    schema,
    env,
    rootPaths: ROOT_PATHS,
    fakes: [[Requests, users]],
  });
  const post: JobsApp['post'] = (message, { token, address = anAddress() } = {}) =>
    app.api(`POST ${taskPath(message)}`, { token, headers: { 'X-Forwarded-For': address } });
  return {
    ...app,
    users,
    post,
    aTask: async (caller) => (await post('hello', { token: caller?.token })).body.id as string,
    hardDeleteUser: (id) => {
      const user: UserSnapshot = {
        id,
        username: `user${id}`,
        isSuperuser: false,
        tierId: null,
        deleted: true,
        version: 2,
      };
      return app.nest.get(Database).transaction((tx) => tx.emit('user.hard-deleted', user));
    },
  };
}

export const taskPath = (message: string): `/${string}` =>
  `/tasks/task?message=${encodeURIComponent(message)}`;

export function aCaller({ isSuperuser = false } = {}): Caller {
  const id = randomInt(1, 2 ** 31 - 1);
  return { id, token: testToken({ id, isSuperuser }) };
}

/** A random client address. */
export function anAddress(): string {
  return `2001:db8:${randomBytes(8).toString('hex').match(/..../g)!.join(':')}::1`;
}

/** Matches a response with this problem. */
export const problem = (status: number, detail: string) => ({ status, body: { status, detail } });

/** The invalid fields of a 422: `query.message string_too_long`. */
export const badFields = ({ body }: { body: { errors?: { loc: string[]; type: string }[] } }): string[] =>
  (body.errors ?? []).map(({ loc, type }) => `${loc.join('.')} ${type}`);
