import type { Client } from 'openapi-fetch';
import { isObject, isProblem, isRefusal, readJson, responseWith, unusable } from './problems.js';
import type { components, paths } from './schema.js';

type Problem = components['schemas']['Problem'];
type Token = components['schemas']['Token'];

/** `type` of the 401 for an invalid access token. Other 401 responses are about passwords. */
const EXPIRED = 'urn:problem:user-not-authenticated';

/** For a native client of an API with the setting REFRESH_TOKEN_IN_BODY: it keeps the refresh token itself. */
export interface RefreshTokenOptions {
  /** The token of an earlier client. */
  refreshToken?: string;
  /** Receives each new token, and undefined when the session has ended. */
  onRefreshToken?: (token: string | undefined) => void;
}

/** The login of a client. It adds the access token to requests, and refreshes an expired one. */
export class Session {
  private token?: string;
  /** In a body of a native client. */
  private refreshToken?: string;
  /** The refresh cookie. Undefined in a browser, which stores it and hides it from scripts. */
  private cookie?: string;
  /** Whether a session may exist without an access token, after a reload of the page for example. */
  private mayResume = true;
  private refreshing?: Promise<Problem | undefined>;
  private readonly onRefreshToken: NonNullable<RefreshTokenOptions['onRefreshToken']>;

  constructor(
    private readonly client: Client<paths>,
    private readonly send: (request: Request) => Promise<Response>,
    { refreshToken, onRefreshToken = () => {} }: RefreshTokenOptions,
  ) {
    this.refreshToken = refreshToken;
    this.onRefreshToken = onRefreshToken;
  }

  async logIn(username: string, password: string) {
    const result = await this.client.POST('/api/v1/login', {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: { username, password },
      bodySerializer: () => new URLSearchParams({ username, password }),
    });
    const { data, response } = result;
    if (data && !isToken(data)) return { error: unusable(response), response };
    if (data) this.save(data, response);
    return result;
  }

  /** Continues the session whose refresh token is left from an earlier client. @returns whether there is one */
  async resume(): Promise<boolean> {
    return this.token !== undefined || !(await this.refresh());
  }

  /** Ends the session. If it cannot be ended now, the client stays logged in. */
  async logOut() {
    const result = await this.client.POST('/api/v1/logout', this.credentials(this.token));
    if (result.data || isRefusal(result.error)) this.forget();
    return result;
  }

  async fetch(request: Request): Promise<Response> {
    if (request.headers.has('Authorization')) return this.send(request);
    if (!this.token && this.mayResume) await this.refresh();
    const { token } = this;
    const retry = request.clone();
    const response = await this.send(withToken(request, token));
    if (!token || !(await isExpired(response))) return response;
    // Another request may have refreshed the token meanwhile.
    const error = this.token === token ? await this.refresh() : undefined;
    // Only a refusal ends the session.
    if (error && !isRefusal(error)) return responseWith(error);
    return this.token ? this.send(withToken(retry, this.token)) : response;
  }

  /** Refreshes once for concurrent requests, because a refresh token is valid for one use. */
  private refresh(): Promise<Problem | undefined> {
    return (this.refreshing ??= this.renew().finally(() => (this.refreshing = undefined)));
  }

  /** @returns the error */
  private async renew(): Promise<Problem | undefined> {
    const { data, error, response } = await this.client.POST('/api/v1/refresh', this.credentials());
    if (isToken(data)) this.save(data, response);
    else if (isRefusal(error)) this.forget();
    return isToken(data) ? undefined : (error ?? unusable(response));
  }

  private credentials(token?: string) {
    const cookie: Record<string, string> = this.cookie ? { Cookie: this.cookie } : {};
    const body = this.refreshToken ? { refresh_token: this.refreshToken } : undefined;
    const headers = token ? { ...cookie, Authorization: `Bearer ${token}` } : cookie;
    // The API document has no body for these routes, because they ignore it by default.
    return { headers, body: body as undefined };
  }

  private save({ access_token, refresh_token }: Token, { headers }: Response): void {
    this.token = access_token;
    this.mayResume = true;
    // React Native has no `getSetCookie`; like a browser, it stores cookies itself.
    const cookies = (headers as Partial<Headers>).getSetCookie?.call(headers) ?? [];
    this.cookie = cookies.map((line) => line.split(';')[0]).join('; ');
    if (refresh_token !== undefined) this.onRefreshToken((this.refreshToken = refresh_token));
  }

  private forget(): void {
    this.token = undefined;
    this.cookie = undefined;
    this.mayResume = false;
    if (this.refreshToken !== undefined) this.onRefreshToken((this.refreshToken = undefined));
  }
}

const isToken = (data: unknown): data is Token => isObject(data) && typeof data.access_token === 'string';

function withToken(request: Request, token?: string): Request {
  if (token) request.headers.set('Authorization', `Bearer ${token}`);
  return request;
}

async function isExpired(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const body = await readJson(response);
  return isProblem(body) && body.type === EXPIRED;
}
