import { randomBytes, randomInt } from 'node:crypto';
import type { EventMap, UserSnapshot } from '@repo/contracts';
import { UnavailableError } from '@repo/core';
import { Database } from '@repo/database';
import { createTestApp, type TestApp, testToken } from '@repo/testing';
import { PostsConfig } from '../src/app.config.js';
import { AppModule } from '../src/app.module.js';
import { UsersClient } from '../src/authors/users.client.js';
import { schema } from '../src/database/data-source.js';

export interface TestAuthor extends UserSnapshot {
  token: string;
}

/** The users service, as far as posts asks it. */
class FakeUsers implements Pick<UsersClient, 'findByUsername'> {
  readonly users = new Map<string, UserSnapshot>();
  away = false;

  async findByUsername(username: string): Promise<UserSnapshot | null> {
    if (this.away) throw new UnavailableError();
    return this.users.get(username) ?? null;
  }
}

export interface PostsApp extends TestApp {
  users: FakeUsers;
  /** Somebody who has just signed up, and of whom this service has not heard. */
  anAuthor(): TestAuthor;
  /** A post of the author. */
  aPost(author: TestAuthor, fields?: object): Promise<{ id: number; title: string; text: string }>;
  /** Tells what happened to a user as the users service does; done when it has been applied. */
  tell(event: UserEvent, user: UserSnapshot): Promise<void>;
}

type UserEvent = { [E in keyof EventMap]: EventMap[E] extends UserSnapshot ? E : never }[keyof EventMap];

export async function startPosts(): Promise<PostsApp> {
  const users = new FakeUsers();
  const app = await createTestApp(AppModule, PostsConfig, { schema, fakes: [[UsersClient, users]] });
  return {
    ...app,
    users,
    anAuthor: () => {
      const id = randomInt(1, 2 ** 31 - 1);
      const user = { id, username: aName(), isSuperuser: false, tierId: null, deleted: false, version: 1 };
      users.users.set(user.username, user);
      return { ...user, token: testToken(user) };
    },
    aPost: async ({ username, token }, fields = {}) => {
      const body = { title: 'A title', text: 'A text', ...fields };
      return (await app.api(`POST /${username}/post`, { token, body })).body;
    },
    tell: (event, { id, username, isSuperuser, tierId, deleted, version }) => {
      const snapshot = { id, username, isSuperuser, tierId, deleted, version };
      return app.nest.get(Database).transaction((tx) => tx.emit(event, snapshot));
    },
  };
}

export const aName = (): string => `u${randomBytes(6).toString('hex')}`;

export const superuserToken = (): string => testToken({ id: randomInt(1, 2 ** 31 - 1), isSuperuser: true });

/** What an answer with this problem matches. */
export const problem = (status: number, detail: string) => ({ status, body: { status, detail } });

/** The fields that a 422 complains of: `body.title string_too_short`. */
export const badFields = ({ body }: { body: { errors?: { loc: string[]; type: string }[] } }): string[] =>
  (body.errors ?? []).map(({ loc, type }) => `${loc.join('.')} ${type}`);
