import createClient, { type Client, type ClientOptions } from 'openapi-fetch';
import { problems } from './problems.js';
import type { components, paths } from './schema.js';
import { type RefreshTokenOptions, Session } from './session.js';

export type { components, operations, paths } from './schema.js';

/** Schemas of the API by name: `Schemas['UserRead']`. */
export type Schemas = components['schemas'];

/** All routes of the API by method and path, with one login. No call throws. */
export type Api = Client<paths> & Pick<Session, 'logIn' | 'logOut' | 'resume'>;

export type ApiOptions = Pick<ClientOptions, 'fetch'> & RefreshTokenOptions;

/** Creates a client. @param baseUrl URL of the gateway: `http://localhost:8000` */
export function createApi(
  baseUrl: string,
  { fetch = (request) => globalThis.fetch(request), ...refreshToken }: ApiOptions = {},
): Api {
  const clientWith = (send: typeof fetch): Client<paths> => {
    // Sends the refresh cookie from pages of other origins too.
    const client = createClient<paths>({ baseUrl, fetch: send, credentials: 'include' });
    client.use(problems);
    return client;
  };
  const session = new Session(clientWith(fetch), fetch, refreshToken);
  return {
    ...clientWith((request) => session.fetch(request)),
    logIn: (username, password) => session.logIn(username, password),
    logOut: () => session.logOut(),
    resume: () => session.resume(),
  };
}
