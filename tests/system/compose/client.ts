// @ts-check
// The API as the checks of the compose stack call it.
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';

/** An answer that takes longer is none. */
const ANSWER_LIMIT_MS = 10_000;
const LOCAL_ADMIN = { username: 'admin', password: '!Ch4ng3Th1sP4ssW0rd!' };

/**
 * @typedef {object} Call
 * @property {unknown} [body]  sent as JSON
 * @property {Record<string, string>} [form]
 * @property {string} [token]
 * @property {Record<string, string>} [headers]
 *
 * @typedef {{ status: number, body: any, headers: import('node:http').IncomingHttpHeaders }} Answer
 */

export class Client {
  /** @param {string} gateway */
  constructor(gateway) {
    this.#gateway = gateway;
  }

  #gateway;
  // Gives idle connections up long before the gateway does.
  #agent = new Agent({ keepAlive: true, timeout: 10_000 });

  /** @param {`${string} ${string}`} route @param {Call} [call] @returns {Promise<Answer>} */
  call(route, { body, form, token, headers = {} } = {}) {
    const [method, path] = route.split(' ');
    const text = form
      ? String(new URLSearchParams(form))
      : body === undefined
        ? undefined
        : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path ?? '', this.#gateway), {
        method,
        agent: this.#agent,
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
        headers: {
          ...(text !== undefined && {
            'Content-Type': form ? 'application/x-www-form-urlencoded' : 'application/json',
            'Content-Length': Buffer.byteLength(text),
          }),
          ...(token && { Authorization: `Bearer ${token}` }),
          ...headers,
        },
      });
      sent.on('error', reject).on('response', (answer) => {
        /** @type {Buffer[]} */
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
        answer.on('end', () => {
          const content = Buffer.concat(chunks).toString();
          resolve({ status: answer.statusCode ?? 0, body: parsed(content), headers: answer.headers });
        });
      });
      sent.end(text);
    });
  }

  /** The body of an answer that has to be a success. @param {`${string} ${string}`} route @param {Call} [call] */
  async get(route, call) {
    const { status, body } = await this.call(route, call);
    if (status >= 300) throw new Error(`${route} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** Every item of a list. @param {string} path @param {string} [token] */
  async all(path, token) {
    const items = [];
    for (let cursor = ''; cursor !== null;) {
      const page = await this.get(`GET ${path}?items_per_page=100&cursor=${encodeURIComponent(cursor)}`, {
        token,
      });
      items.push(...page.data);
      cursor = page.next_cursor;
    }
    return items;
  }

  /** @param {{ username: string, password: string }} who */
  async logIn({ username, password } = LOCAL_ADMIN) {
    return (await this.get('POST /api/v1/login', { form: { username, password } })).access_token;
  }

  /** Somebody new. */
  async join() {
    const username = `u${randomBytes(6).toString('hex')}`;
    const who = { username, password: 'correct horse 8' };
    const user = { ...who, name: 'Load', email: `${username}@example.com` };
    await this.get('POST /api/v1/user', { body: user });
    return { ...who, token: await this.logIn(who) };
  }

  /** Somebody new whose tasks no limit holds back. */
  async joinUnlimited() {
    const root = await this.logIn();
    const user = await this.join();
    const name = `unlimited ${randomBytes(4).toString('hex')}`;
    const { id } = await this.get('POST /api/v1/tier', { token: root, body: { name } });
    const rule = { name, path: 'api/v1/tasks/task', limit: 1_000_000, period: 3600 };
    await this.get(`POST /api/v1/tier/${encodeURIComponent(name)}/rate_limit`, { token: root, body: rule });
    await this.get(`PATCH /api/v1/user/${user.username}/tier`, { token: root, body: { tier_id: id } });
    // The tier is in the token.
    return { ...user, token: await this.logIn(user) };
  }

  close() {
    this.#agent.destroy();
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
