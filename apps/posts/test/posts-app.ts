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

/** Fake of the users service with the requests that posts sends. */
class FakeUsers implements Pick<UsersClient, 'findByUsername'> {
  readonly users = new Map<string, UserSnapshot>();
  unavailable = false;

  async findByUsername(username: string): Promise<UserSnapshot | null> {
    if (this.unavailable) throw new UnavailableError();
    return this.users.get(username) ?? null;
  }
}

export interface PostsApp extends TestApp {
  users: FakeUsers;
  /** Creates a user in the fake users service. No event about the user is published. */
  createAuthor(): TestAuthor;
  /** Creates a post of the author with a request to the API. */
  createPost(author: TestAuthor, fields?: object): Promise<{ id: number; title: string; text: string }>;
  /** Publishes an event about a user as the users service does. Resolves when the event is applied. */
  publish(event: UserEvent, user: UserSnapshot): Promise<void>;
}

type UserEvent = { [E in keyof EventMap]: EventMap[E] extends UserSnapshot ? E : never }[keyof EventMap];

export async function startPosts(): Promise<PostsApp> {
  const users = new FakeUsers();
  const app = await createTestApp(AppModule, PostsConfig, { schema, fakes: [[UsersClient, users]] });
  return {
    ...app,
    users,
    createAuthor: () => {
      const id = randomInt(1, 2 ** 31 - 1);
      const user = {
        id,
        username: uniqueName(),
        isSuperuser: false,
        tierId: null,
        deleted: false,
        version: 1,
      };
      users.users.set(user.username, user);
      return { ...user, token: testToken(user) };
    },
    createPost: async ({ username, token }, fields = {}) => {
      const body = { title: 'A title', text: 'A text', ...fields };
      return (await app.api(`POST /${username}/post`, { token, body })).body;
    },
    publish: (event, { id, username, isSuperuser, tierId, deleted, version }) => {
      const snapshot = { id, username, isSuperuser, tierId, deleted, version };
      return app.nest.get(Database).transaction((tx) => tx.emit(event, snapshot));
    },
  };
}

export const uniqueName = (): string => `u${randomBytes(6).toString('hex')}`;

export const superuserToken = (): string => testToken({ id: randomInt(1, 2 ** 31 - 1), isSuperuser: true });

/** Pattern that a response with this problem matches. */
export const problem = (status: number, detail: string) => ({ status, body: { status, detail } });

/** Location and error code of each invalid field of a 422: `body.title string_too_short`. */
export const badFields = ({ body }: { body: { errors?: { loc: string[]; type: string }[] } }): string[] =>
  (body.errors ?? []).map(({ loc, type }) => `${loc.join('.')} ${type}`);
