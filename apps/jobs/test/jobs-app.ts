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

/** The other services, as far as jobs asks: which limit the tier of a user sets for a route, and whose password it is. */
class FakeUsers {
  readonly rules = new Map<string, RateLimitRule>();
  away = false;

  setRule(userId: number, path: string, rule: RateLimitRule): void {
    this.rules.set(`${userId} ${path}`, rule);
  }

  async request(name: string, question: GetRateLimitRule | CheckPassword): Promise<unknown> {
    if (this.away) throw new UnavailableError();
    if ('path' in question) return this.rules.get(`${question.userId} ${question.path}`) ?? null;
    if (name !== 'auth.check-password') throw new Error(`Not expected: ${name}`);
    const { login, password } = question;
    return { user: password === PASSWORD ? { isSuperuser: login === 'superuser' } : null };
  }
}

/** Of everybody; whoever is called `superuser` is one. */
export const PASSWORD = 'password-of-everybody';

export interface Caller {
  id: number;
  token: string;
}

export interface JobsApp extends TestApp<JobsConfig> {
  users: FakeUsers;
  /** `POST /tasks/task`; from an address of its own unless there is a token or another address. */
  post(message: string, request?: { token?: string; address?: string }): Promise<ApiAnswer>;
  /** The id of a new task. */
  aTask(caller?: Caller): Promise<string>;
  /** Tells that a user is gone for good as the users service does; done when it has been applied. */
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

/** A client address that nobody else has. */
export function anAddress(): string {
  return `2001:db8:${randomBytes(8).toString('hex').match(/..../g)!.join(':')}::1`;
}

/** What an answer with this problem matches. */
export const problem = (status: number, detail: string) => ({ status, body: { status, detail } });

/** The fields that a 422 complains of: `query.message string_too_long`. */
export const badFields = ({ body }: { body: { errors?: { loc: string[]; type: string }[] } }): string[] =>
  (body.errors ?? []).map(({ loc, type }) => `${loc.join('.')} ${type}`);
