import assert from 'node:assert/strict';
import { type Api, createApi, type Schemas } from '@repo/api-client';
import { gatewayUrl } from '../../support/api.ts';
import { newUser, type SignUp } from '../../support/users.ts';

/** A new user, logged in with the typed client. */
export async function createClient(): Promise<{ api: Api; user: SignUp }> {
  const api = createApi(gatewayUrl());
  const user = newUser();
  const { error } = await api.POST('/api/v1/user', { body: user });
  assert.equal(error, undefined);
  await logInto(api, user);
  return { api, user };
}

/** Logs in; throws when the login is refused. */
export async function logInto(api: Api, { username, password }: Pick<SignUp, 'username' | 'password'>) {
  const { error } = await api.logIn(username, password);
  assert.equal(error, undefined);
}

/** The body of a success; throws when the answer is an error. */
export function dataOf<T>({ data, error }: { data?: T; error?: Schemas['Problem'] }): T {
  assert.equal(error, undefined);
  return data!;
}
