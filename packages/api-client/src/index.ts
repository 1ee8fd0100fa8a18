import createClient, { type Client, type ClientOptions } from 'openapi-fetch';
import type { components, paths } from './schema.js';
import { Session } from './session.js';

export type { components, operations, paths } from './schema.js';

/** Schemas of the API by name: `Schemas['UserRead']`. */
export type Schemas = components['schemas'];

/** All routes of the API by method and path, with one login. */
export type Api = Client<paths> & Pick<Session, 'logIn' | 'logOut'>;

/** Creates a client. @param baseUrl URL of the gateway: `http://localhost:8000` */
export function createApi(
  baseUrl: string,
  { fetch = (request) => globalThis.fetch(request) }: Pick<ClientOptions, 'fetch'> = {},
): Api {
  // Sends the refresh cookie from pages of other origins too.
  const credentials = 'include';
  const session = new Session(createClient<paths>({ baseUrl, fetch, credentials }), fetch);
  return {
    ...createClient<paths>({ baseUrl, credentials, fetch: (request) => session.fetch(request) }),
    logIn: (username, password) => session.logIn(username, password),
    logOut: () => session.logOut(),
  };
}
