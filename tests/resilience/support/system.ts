import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectNats, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import pg from 'pg';
import { client, type Client } from './client.js';
import { freezeTree, thawTree } from './processes.js';
import type { TcpProxy } from './tcp-proxy.js';

export type App = 'auth' | 'users' | 'posts' | 'jobs' | 'worker';
export type Server = 'postgres' | 'redis-cache' | 'redis-limits' | 'redis-queue' | 'nats';

/** A process of the stack; see tools/processes/managed-process.ts. */
export interface ManagedProcess {
  pid?: number;
  state: string;
  spec: { env?: NodeJS.ProcessEnv };
  start(): Promise<void>;
  stop(): Promise<void>;
  restart(): Promise<void>;
  kill(): Promise<void>;
}

/** What tools/stack/stack.ts gives. */
export interface Stack {
  gatewayUrl: string;
  ports: Record<string, number>;
  processes: Map<string, ManagedProcess>;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 30_000;
/** Of the operator that the suite adds to NATS and to each Redis. */
const OPERATOR_PASSWORD = 'operator-of-the-fault-suite';

/** A whole stack that a row may damage. */
export class System {
  /** What every path of the API is appended to. */
  readonly url: string;
  readonly call: Client;
  private readonly closers: (() => Promise<unknown>)[] = [];

  constructor(
    private readonly stack: Stack,
    private readonly dir: string,
    private readonly cables: Map<string, TcpProxy>,
  ) {
    this.url = `${stack.gatewayUrl}/api/v1`;
    this.call = client(this.url);
  }

  /** By its name: `nats`, `posts`, its second replica `posts-2`. */
  process(name: string): ManagedProcess {
    const process = this.stack.processes.get(name);
    if (!process) throw new Error(`There is no process ${name}`);
    return process;
  }

  get names(): string[] {
    return [...this.stack.processes.keys()];
  }

  /** The cable from an app to a server; the row has to name it in `cables`. */
  cable(app: App, server: Server): TcpProxy {
    const proxy = this.cables.get(`${app} ${server}`);
    if (!proxy) throw new Error(`The row has no cable from ${app} to ${server}`);
    return proxy;
  }

  /** SIGKILL; it stays away until `start`. */
  async kill(name: string): Promise<void> {
    await this.process(name).kill();
  }

  /** Resolves when it is ready. Postgres refuses as long as processes of the killed one still end: so try again. */
  async start(name: string): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    for (;;) {
      try {
        return await this.process(name).start();
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await delay(200);
      }
    }
  }

  freeze(name: string): void {
    freezeTree(this.process(name).pid!);
  }

  thaw(name: string): void {
    thawTree(this.process(name).pid!);
  }

  /** Starts an app again with other settings. */
  async restartWith(name: string, env: Record<string, string>): Promise<void> {
    const process = this.process(name);
    process.spec.env = { ...process.spec.env, ...env };
    await process.restart();
  }

  /** The database as its administrator sees it. */
  async database(): Promise<pg.Pool> {
    const pool = new pg.Pool({
      host: '127.0.0.1',
      port: this.stack.ports.postgres,
      user: 'postgres',
      password: this.secret('postgres_admin'),
      database: 'app',
      max: 4,
    });
    pool.on('error', () => undefined);
    this.closers.push(() => pool.end());
    return pool;
  }

  /** A Redis as its operator sees it; no service may do as much. Starts it again, to make that account known. */
  async redis(name: 'redis-cache' | 'redis-limits' | 'redis-queue'): Promise<Redis> {
    appendFileSync(join(this.dir, name, 'users.acl'), `user operator on >${OPERATOR_PASSWORD} ~* &* +@all\n`);
    await this.process(name).restart();
    const redis = new Redis({
      host: '127.0.0.1',
      port: this.stack.ports[name],
      username: 'operator',
      password: OPERATOR_PASSWORD,
    });
    redis.on('error', () => undefined);
    this.closers.push(async () => redis.disconnect());
    return redis;
  }

  /** NATS as its operator sees it; no service may browse the stream. Starts it again, to make that account known. */
  async nats(): Promise<NatsConnection> {
    const config = join(this.dir, 'nats', 'nats.conf');
    const operator = `{ user: "operator", password: "${OPERATOR_PASSWORD}" }`;
    writeFileSync(config, readFileSync(config, 'utf8').replace('users: [', `users: [ ${operator},`));
    await this.process('nats').restart();
    const nats = await connectNats({
      servers: `nats://127.0.0.1:${this.stack.ports.nats}`,
      user: 'operator',
      pass: OPERATOR_PASSWORD,
    });
    this.closers.push(() => nats.close());
    return nats;
  }

  async close(): Promise<void> {
    for (const close of this.closers.reverse()) await close().catch(() => undefined);
    for (const cable of this.cables.values()) cable.mend();
    for (const { pid } of this.stack.processes.values()) if (pid) thawTree(pid);
    await this.stack.stop();
    for (const cable of this.cables.values()) await cable.close();
  }

  private secret(name: string): string {
    return readFileSync(join(this.dir, 'secrets', name), 'utf8').trim();
  }
}
