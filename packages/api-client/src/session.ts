import type { Client } from 'openapi-fetch';
import type { paths } from './schema.js';

/** `type` of the 401 for an invalid access token. Other 401 responses are about passwords. */
const EXPIRED = 'urn:problem:user-not-authenticated';

/** The login of a client. It adds the access token to requests, and refreshes an expired one. */
export class Session {
  private token?: string;
  /** The refresh cookie. Undefined in a browser, which stores it and hides it from scripts. */
  private cookie?: string;
  private refreshing?: Promise<boolean>;

  constructor(
    private readonly client: Client<paths>,
    private readonly send: (request: Request) => Promise<Response>,
  ) {}

  async logIn(username: string, password: string) {
    const result = await this.client.POST('/api/v1/login', {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: { username, password },
      bodySerializer: () => new URLSearchParams({ username, password }),
    });
    if (result.data) this.save(result.data.access_token, result.response);
    return result;
  }

  async logOut() {
    const result = await this.client.POST('/api/v1/logout', { headers: bearer(this.token) });
    this.token = undefined;
    this.cookie = undefined;
    return result;
  }

  async fetch(request: Request): Promise<Response> {
    const retry = request.clone();
    const { token } = this;
    const response = await this.send(withToken(request, token));
    if (!token || !(await isExpired(response))) return response;
    // Another request may have refreshed the token meanwhile.
    const renewed = this.token !== token || (await this.refresh());
    return renewed ? this.send(withToken(retry, this.token)) : response;
  }

  /** Refreshes once for concurrent requests, because a refresh token is valid for one use. */
  private refresh(): Promise<boolean> {
    return (this.refreshing ??= this.renew().finally(() => (this.refreshing = undefined)));
  }

  private async renew(): Promise<boolean> {
    const headers = this.cookie ? { Cookie: this.cookie } : {};
    const { data, response } = await this.client.POST('/api/v1/refresh', { headers });
    if (data) this.save(data.access_token, response);
    return data !== undefined;
  }

  private save(token: string, { headers }: Response): void {
    this.token = token;
    this.cookie = headers
      .getSetCookie()
      .find((line) => line.startsWith('refresh_token='))
      ?.split(';')[0];
  }
}

const bearer = (token?: string) => (token ? { Authorization: `Bearer ${token}` } : {});

function withToken(request: Request, token?: string): Request {
  if (token && !request.headers.has('Authorization')) request.headers.set('Authorization', `Bearer ${token}`);
  return request;
}

async function isExpired(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const { type } = (await response.clone().json()) as { type?: string };
  return type === EXPIRED;
}
