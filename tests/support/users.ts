import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { api, type ApiAnswer } from './api.ts';

/** The first superuser of a system that was started with its defaults. */
export const ADMIN = { username: 'admin', password: '!Ch4ng3Th1sP4ssW0rd!' };

/** The body of a sign-up. */
export type SignUp = {
  name: string;
  username: string;
  email: string;
  password: string;
};

/** The two tokens of a login: the access token, and the cookie that holds the refresh token. */
export type Session = {
  token: string;
  cookie: string;
};

/** A user with a session. */
export type User = SignUp & Session & { id: number };

/** A unique name for a user, a tier, a rule or a post. */
export const uniqueName = (prefix = 'u') => `${prefix}${randomBytes(7).toString('hex')}`;

/** The sign-up of a user that does not exist yet. */
export function newUser(fields: Partial<SignUp> = {}): SignUp {
  const username = uniqueName();
  return {
    name: 'User Userson',
    username,
    email: `${username}@example.com`,
    password: 'correct horse 8',
    ...fields,
  };
}

/** Signs a user up and logs in. */
export async function createUser(fields?: Partial<SignUp>): Promise<User> {
  const user = newUser(fields);
  const response = await api('POST /user', { body: user });
  assert.equal(response.status, 201, response.text);
  return { ...user, id: response.body.id, ...(await logIn(user)) };
}

/** Logs in; throws when the login is refused. */
export async function logIn({ username, password }: Pick<SignUp, 'username' | 'password'>): Promise<Session> {
  return sessionOf(await api('POST /login', { form: { username, password } }));
}

/** The access token of the first superuser. */
export async function adminToken(): Promise<string> {
  return (await logIn(ADMIN)).token;
}

/** The session that a login or a refresh has answered with; throws when it was refused. */
export function sessionOf(response: ApiAnswer): Session {
  assert.equal(response.status, 200, response.text);
  return { token: response.body.access_token, cookie: refreshCookie(response).split(';')[0]! };
}

/** The Set-Cookie header of the refresh token, with its attributes. */
export function refreshCookie({ headers }: ApiAnswer): string {
  return headers.getSetCookie().find((line) => line.startsWith('refresh_token=')) ?? '';
}

/** The claims of a JWT. The signature is not verified. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
