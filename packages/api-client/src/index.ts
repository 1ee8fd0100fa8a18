import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema.js';
import { Session } from './session.js';

export type { components, operations, paths } from './schema.js';

/** The shapes of the API by their names: `Schemas['UserRead']`. */
export type Schemas = components['schemas'];

/** Every route of the API by method and path, with one login. */
export type Api = Client<paths> & Pick<Session, 'logIn' | 'logOut'>;

interface ApiOptions {
  /** Instead of the global one. */
  fetch?: (request: Request) => Promise<Response>;
}

/** @param baseUrl the gateway: `http://localhost:8000` */
export function createApi(
  baseUrl: string,
  { fetch = (request) => globalThis.fetch(request) }: ApiOptions = {},
): Api {
  // For the refresh cookie, where the page is not from the gateway itself.
  const credentials = 'include';
  const session = new Session(createClient<paths>({ baseUrl, fetch, credentials }), fetch);
  return {
    ...createClient<paths>({ baseUrl, credentials, fetch: (request) => session.fetch(request) }),
    logIn: (username, password) => session.logIn(username, password),
    logOut: () => session.logOut(),
  };
}
