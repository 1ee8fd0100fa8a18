import assert from 'node:assert/strict';
import { type Api, createApi, type Schemas } from '@repo/api-client';
import { GATEWAY_URL } from './gateway.js';
import { newUser, type SignUp } from './people.js';

/** Somebody new, with the client of a program that they use. */
export async function newClient(): Promise<{ api: Api; user: SignUp }> {
  const api = createApi(GATEWAY_URL);
  const user = newUser();
  const { error } = await api.POST('/api/v1/user', { body: user });
  assert.equal(error, undefined);
  await logInto(api, user);
  return { api, user };
}

/** Logs in where it has to work. */
export async function logInto(api: Api, { username, password }: Pick<SignUp, 'username' | 'password'>) {
  const { error } = await api.logIn(username, password);
  assert.equal(error, undefined);
}

/** What an answer brings, where it has to be a success. */
export function dataOf<T>({ data, error }: { data?: T; error?: Schemas['Problem'] }): T {
  assert.equal(error, undefined);
  return data!;
}
