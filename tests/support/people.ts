import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ApiAnswer } from '@repo/testing/api-client';
import { api } from './gateway.js';

/** The first superuser of a system that was started with its defaults. */
export const ADMIN = { username: 'admin', password: '!Ch4ng3Th1sP4ssW0rd!' };

/** What a form for signing up asks for. */
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

/** Somebody who signed up and is logged in. */
export type Person = SignUp & Session & { id: number };

/** A name that nobody has, good for users, tiers and whatever else wants one. */
export const uniqueName = (prefix = 'u') => `${prefix}${randomBytes(7).toString('hex')}`;

/** What somebody new would type in. */
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

/** Signs somebody new up and logs in. */
export async function join(fields?: Partial<SignUp>): Promise<Person> {
  const user = newUser(fields);
  const { status, body } = await api('POST /user', { body: user });
  assert.deepEqual([status, body.username], [201, user.username]);
  return { ...user, id: body.id, ...(await logIn(user)) };
}

/** Logs in where it has to work. */
export async function logIn({ username, password }: Pick<SignUp, 'username' | 'password'>): Promise<Session> {
  return expectSession(await api('POST /login', { form: { username, password } }));
}

/** The access token of a superuser. */
export async function superuser(): Promise<string> {
  return (await logIn(ADMIN)).token;
}

/** The answer to a login or a refresh is a success; the session in it. */
export function expectSession(answer: ApiAnswer): Session {
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(Object.keys(answer.body).sort(), ['access_token', 'token_type']);
  return { token: answer.body.access_token, cookie: refreshCookie(answer).split(';')[0]! };
}

/** The whole Set-Cookie line of the refresh token. */
export function refreshCookie({ headers }: ApiAnswer): string {
  return headers.getSetCookie().find((line) => line.startsWith('refresh_token=')) ?? '';
}
