import type { Client } from 'openapi-fetch';
import type { paths } from './schema.js';

/** What says that the access token is no good (any more); other refusals with 401 are about passwords. */
const EXPIRED = 'urn:problem:user-not-authenticated';

/** One login: it gives requests their access token, and gets a new one when that has expired. */
export class Session {
  private token?: string;
  /** The refresh token. A browser keeps it, and shows it to nobody; elsewhere that is up to us. */
  private cookie?: string;
  private refreshing?: Promise<boolean>;

  constructor(
    private readonly client: Client<paths>,
    private readonly send: (request: Request) => Promise<Response>,
  ) {}

  async logIn(username: string, password: string) {
    const answer = await this.client.POST('/api/v1/login', {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: { username, password },
      bodySerializer: () => new URLSearchParams({ username, password }),
    });
    if (answer.data) this.keep(answer.data.access_token, answer.response);
    return answer;
  }

  async logOut() {
    const answer = await this.client.POST('/api/v1/logout', { headers: bearer(this.token) });
    this.token = undefined;
    this.cookie = undefined;
    return answer;
  }

  async fetch(request: Request): Promise<Response> {
    const again = request.clone();
    const { token } = this;
    const answer = await this.send(withToken(request, token));
    if (!token || !(await isExpired(answer))) return answer;
    // Another request may have got a new one in the meantime.
    const renewed = this.token !== token || (await this.refresh());
    return renewed ? this.send(withToken(again, this.token)) : answer;
  }

  /** One at a time: a refresh token is good for one use. */
  private refresh(): Promise<boolean> {
    this.refreshing ??= this.renew().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async renew(): Promise<boolean> {
    const headers = this.cookie ? { Cookie: this.cookie } : {};
    const { data, response } = await this.client.POST('/api/v1/refresh', { headers });
    if (data) this.keep(data.access_token, response);
    return data !== undefined;
  }

  private keep(token: string, { headers }: Response): void {
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

async function isExpired(answer: Response): Promise<boolean> {
  if (answer.status !== 401) return false;
  const { type } = (await answer.clone().json()) as { type?: string };
  return type === EXPIRED;
}
