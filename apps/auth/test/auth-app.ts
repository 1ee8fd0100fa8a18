import { randomBytes, randomInt } from 'node:crypto';
import type { TokenClaims } from '@repo/auth';
import type { ChangePassword, UserSnapshot } from '@repo/contracts';
import { type Api, type ApiAnswer, createTestApp, type TestApp } from '@repo/testing';
import { AuthConfig } from '../src/app.config.js';
import { AppModule } from '../src/app.module.js';
import { schema } from '../src/database/data-source.js';
import { ROOT_PATHS } from '../src/root-paths.js';
import { UsersClient } from '../src/users/users.client.js';

export const PASSWORD = 'correct-horse-battery';

type Person = UserSnapshot & { password: string };

/** A fake of the users service with the requests that the auth service sends to it. */
class FakeUsers implements Pick<UsersClient, 'verifyCredentials' | 'find' | 'changePassword'> {
  readonly people = new Map<number, Person>();

  /** Adds a user with a random id and username, so that no other test uses it. */
  add(changes: Partial<Person> = {}): Person {
    const id = randomInt(1, 2_000_000_000);
    const username = `u${randomBytes(6).toString('hex')}`;
    const privileges = { isSuperuser: false, tierId: null };
    const state = { deleted: false, version: 1 };
    const person = { id, username, ...privileges, ...state, password: PASSWORD, ...changes };
    this.people.set(person.id, person);
    return person;
  }

  change(person: Person, changes: Partial<Person>): void {
    Object.assign(person, changes, { version: person.version + 1 });
  }

  async verifyCredentials(login: string, password: string): Promise<UserSnapshot | null> {
    const person = [...this.people.values()].find(
      ({ username }) => login === username || login.toLowerCase() === `${username}@example.com`,
    );
    if (person?.password !== password) return null;
    const { password: _, ...user } = person;
    return user;
  }

  async find(id: number): Promise<UserSnapshot | null> {
    const person = this.people.get(id);
    if (!person) return null;
    const { password: _, ...user } = person;
    return user;
  }

  async changePassword({ userId, currentPassword, newPassword }: ChangePassword): Promise<boolean> {
    const person = this.people.get(userId);
    if (person?.password !== currentPassword) return false;
    this.change(person, { password: newPassword });
    return true;
  }
}

export interface AuthApp extends TestApp {
  users: FakeUsers;
}

export async function startAuthApp(env: Record<string, string> = {}): Promise<AuthApp> {
  const users = new FakeUsers();
  const app = await createTestApp(AppModule, AuthConfig, {
    schema,
    env,
    rootPaths: ROOT_PATHS,
    ownTokens: true,
    fakes: [[UsersClient, users]],
  });
  return { ...app, users };
}

export interface LoggedIn {
  accessToken: string;
  refreshToken: string;
}

export async function logIn(
  api: Api,
  { username, password }: Person,
  headers: Record<string, string> = {},
): Promise<LoggedIn> {
  const response = await api('POST /login', { form: { username, password }, headers });
  if (response.status !== 200) throw new Error(`Login failed: ${response.text}`);
  return tokensOf(response);
}

export const refresh = (
  api: Api,
  refreshToken: string,
  headers: Record<string, string> = {},
): Promise<ApiAnswer> =>
  api('POST /refresh', { headers: { Cookie: `refresh_token=${refreshToken}`, ...headers } });

export function tokensOf(response: ApiAnswer): LoggedIn {
  return { accessToken: response.body.access_token, refreshToken: cookieOf(response)?.value ?? '' };
}

/** The refresh cookie of a response: its value, and its attributes as in the header. */
export function cookieOf({ headers }: ApiAnswer): { value: string; attributes: string[] } | undefined {
  const [cookie] = headers.getSetCookie();
  const [pair, ...attributes] = cookie?.split('; ') ?? [];
  return pair?.startsWith('refresh_token=')
    ? { value: pair.slice('refresh_token='.length), attributes }
    : undefined;
}

interface DecodedToken {
  header: { alg: string; kid: string; typ: string };
  claims: TokenClaims;
}

/** Decodes the header and the claims of a token without verifying its signature. */
export function decode(token: string): DecodedToken {
  const [header, claims] = token
    .split('.', 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  return { header, claims };
}

/** The status and the `detail` of an error response. */
export const refusal = ({ status, body }: ApiAnswer) => ({ status, detail: body.detail });

/** The error codes of a validation response by location of the field: `body.username`. */
export const fieldErrors = ({ body }: ApiAnswer): Record<string, string> =>
  Object.fromEntries(
    (body.errors as { loc: (string | number)[]; type: string }[]).map(({ loc, type }) => [
      loc.join('.'),
      type,
    ]),
  );
