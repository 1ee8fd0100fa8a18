// @ts-check
// A steady load of reads and writes, on every HTTP service or on one, through the gateway; in the end it is looked up
// whether each write was applied exactly once.
import { randomBytes } from 'node:crypto';
import { Client } from './client.ts';

const PER_SECOND = 60;
/** Numbers from here on belong to no sample. */
const NOT_COUNTED = 1_000_000;

/**
 * @typedef {object} Sample
 * @property {string} kind
 * @property {number} n
 * @property {string} id  of the request, as the gateway's log has it
 * @property {number} from
 * @property {number} to
 * @property {string} failure  empty when it was answered as it should be
 */

export class Load {
  /**
   * @param {string} gateway
   * @param {(sql: string) => Promise<string[]>} query  asks Postgres what the API does not tell
   * @param {RegExp} [only]  kinds of requests
   */
  static async prepare(gateway, query, only = /./) {
    const client = new Client(gateway);
    const user = await client.joinUnlimited();
    const all = kinds(user, await client.logIn(), `load ${randomBytes(4).toString('hex')}`, query);
    const load = new Load(
      client,
      all.filter(([kind]) => only.test(kind)),
    );
    await load.#warmUp();
    return load;
  }

  /**
   * @param {Client} client
   * @param {[string, Kind][]} kinds
   */
  constructor(client, kinds) {
    this.#client = client;
    this.#kinds = kinds;
  }

  #client;
  #kinds;
  #run = randomBytes(4).toString('hex');
  /** @type {Sample[]} */
  samples = [];
  /** @type {Promise<void>[]} */
  #flying = [];
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** Processes that have just started are slow with what they do for the first time. */
  async #warmUp() {
    for (let round = 0; round < 3; round += 1)
      await Promise.allSettled(
        this.#kinds.map(([, { call }], index) => {
          const { route, ...rest } = call(NOT_COUNTED + round * this.#kinds.length + index);
          return this.#client.call(route, rest);
        }),
      );
  }

  start() {
    const since = Date.now();
    // By the clock: a late timer is made up for.
    this.#timer = setInterval(() => {
      const due = ((Date.now() - since) * PER_SECOND) / 1000;
      while (this.#flying.length < due) this.#flying.push(this.#send(this.#flying.length));
    }, 5);
  }

  /** How many have been sent. */
  get sent() {
    return this.#flying.length;
  }

  async stop() {
    clearInterval(this.#timer);
    await Promise.all(this.#flying);
  }

  /** @param {number} n */
  async #send(n) {
    const [kind, { call, status }] = /** @type {[string, Kind]} */ (this.#kinds[n % this.#kinds.length]);
    const { route, ...rest } = call(n);
    const sample = { kind, n, id: `load-${this.#run}-${n}`, from: Date.now(), to: 0, failure: '' };
    try {
      const answer = await this.#client.call(route, {
        ...rest,
        headers: { 'X-Request-Id': sample.id, ...rest.headers },
      });
      if (answer.status !== status) sample.failure = `${answer.status} ${answer.body.detail ?? ''}`;
    } catch (error) {
      sample.failure = String(error);
    }
    sample.to = Date.now();
    this.samples.push(sample);
  }

  get failed() {
    return this.samples.filter(({ failure }) => failure !== '');
  }

  /** Writes that were answered as a success and yet are not there exactly once, and others that are there twice. */
  async wrongWrites() {
    const wrong = [];
    for (const [kind, { applied }] of this.#kinds) {
      if (!applied) continue;
      const counts = new Map();
      for (const n of await applied(this.#client)) counts.set(n, (counts.get(n) ?? 0) + 1);
      for (const { n, failure } of this.samples.filter((sample) => sample.kind === kind)) {
        const times = counts.get(n) ?? 0;
        if (times > 1 || (times === 0 && !failure)) wrong.push(`${kind} ${n}: ${times} times`);
      }
    }
    return wrong;
  }

  /** One line of figures. */
  report() {
    const times = this.samples.map(({ from, to }) => to - from).sort((a, b) => a - b);
    const at = (/** @type {number} */ share) =>
      times[Math.min(times.length - 1, Math.floor(times.length * share))];
    const writes = this.samples.filter(({ kind }) => kind.startsWith('POST')).length;
    const seconds = (Math.max(...this.samples.map(({ to }) => to)) - (this.samples[0]?.from ?? 0)) / 1000;
    return (
      `${this.samples.length} requests (${writes} POST) in ${Math.round(seconds)} s, ${this.failed.length} failed; ` +
      `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${times.at(-1)} ms`
    );
  }

  /** Leaves nothing that others would have to wait for. */
  async close() {
    for (const [, { undo }] of this.#kinds) await undo?.(this.#client);
    this.#client.close();
  }
}

/**
 * @typedef {object} Kind
 * @property {number} status  of success
 * @property {(n: number) => import('./client.ts').Call & { route: `${string} ${string}` }} call
 * @property {(client: Client) => Promise<number[]>} [applied]  the numbers of the requests that had an effect
 * @property {(client: Client) => Promise<void>} [undo]
 */

/**
 * @param {{ username: string, password: string, token: string }} user
 * @param {string} root  token of a superuser
 * @param {string} prefix  of everything that is named
 * @param {(sql: string) => Promise<string[]>} query
 * @returns {[string, Kind][]}
 */
function kinds(user, root, prefix, query) {
  const { username, password, token } = user;
  const numberOf = (/** @type {string} */ text) => Number(/(\d+)$/.exec(text)?.[1]);
  /** @type {Record<string, Kind>} */
  const all = {
    'GET posts': { status: 200, call: () => ({ route: `GET /api/v1/${username}/posts` }) },
    'POST post': {
      status: 201,
      call: (n) => ({
        route: `POST /api/v1/${username}/post`,
        token,
        body: { title: `post ${n}`, text: 'Text.' },
      }),
      applied: async (client) =>
        (await client.all(`/api/v1/${username}/posts`)).map(({ title }) => numberOf(title)),
    },
    'GET user': { status: 200, call: () => ({ route: `GET /api/v1/user/${username}` }) },
    'POST tier': {
      status: 201,
      call: (n) => ({ route: 'POST /api/v1/tier', token: root, body: { name: `${prefix} ${n}` } }),
      applied: async (client) =>
        (await client.all('/api/v1/tiers'))
          .filter(({ name }) => name.startsWith(`${prefix} `))
          .map(({ name }) => numberOf(name)),
    },
    'GET keys': { status: 200, call: () => ({ route: 'GET /.well-known/jwks.json' }) },
    'POST login': {
      status: 200,
      call: (n) => ({
        route: 'POST /api/v1/login',
        form: { username, password },
        headers: { 'User-Agent': `${prefix} ${n}` },
      }),
      applied: async () => {
        // The API tells of the newest hundred only.
        const own = `SELECT user_agent FROM auth.sessions WHERE user_agent LIKE '${prefix} %'`;
        return (await query(own)).map(numberOf);
      },
    },
    'GET tasks': {
      status: 200,
      call: () => ({ route: 'GET /api/v1/tasks?cursor=&items_per_page=10', token }),
    },
    'POST task': {
      status: 201,
      call: (n) => ({ route: `POST /api/v1/tasks/task?message=${n}`, token }),
      applied: async (client) =>
        (await client.all('/api/v1/tasks', token)).map(({ args }) => numberOf(args[0])),
      undo: async (client) => {
        const waiting = (await client.all('/api/v1/tasks', token)).filter(({ start_time }) => !start_time);
        // Those that have begun meanwhile cannot be cancelled, and end soon.
        for (const { id } of waiting) await client.call(`DELETE /api/v1/tasks/task/${id}`, { token });
      },
    },
  };
  return Object.entries(all);
}
