import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectNats, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import pg from 'pg';
import { choosePorts } from '../../../tools/lib/ports.ts';
import type { ManagedProcess } from '../../../tools/processes/managed-process.ts';
import { SERVER_NAMES } from '../../../tools/servers/servers.ts';
import { retry } from '../../support/eventually.ts';
import { processTree } from '../../support/process-tree.ts';
import type { Stack } from '../../../tools/stack/stack.ts';
import { type StackFolder, startTestStack } from '../../../tools/stack/test-stack.ts';
import type { Scenario } from '../scenario.ts';
import { TcpProxy } from './tcp-proxy.ts';

export type App = 'auth' | 'users' | 'posts' | 'jobs' | 'worker';
export type Server = 'postgres' | 'redis-cache' | 'redis-limits' | 'redis-queue' | 'nats';

/** PostgreSQL refuses to start while processes of the killed one still end. */
const START_TIMEOUT_MS = 30_000;
/** Of the operator's account that the suite adds to NATS and to each Redis. */
const OPERATOR_PASSWORD = 'operator-of-the-resilience-suite';

/** A whole system that a scenario may damage. */
export class System {
  readonly gatewayUrl: string;
  private readonly stack: Stack;
  private readonly dir: string;
  private readonly proxies: Map<string, TcpProxy>;
  private readonly closers: (() => Promise<unknown>)[] = [];

  private constructor(stack: Stack, dir: string, proxies: Map<string, TcpProxy>) {
    this.gatewayUrl = stack.gatewayUrl;
    this.stack = stack;
    this.dir = dir;
    this.proxies = proxies;
  }

  static async start(folder: StackFolder, { proxied = [], replicas, env, ...scenario }: Scenario) {
    // The proxies need the ports of the servers before these start.
    const ports = await choosePorts(SERVER_NAMES, join(folder.dir, 'ports.json'));
    const proxies = new Map<string, TcpProxy>();
    const appEnv: Record<string, Record<string, string>> = { ...scenario.appEnv };
    for (const [app, server] of proxied) {
      const proxy = await TcpProxy.to(ports[server]);
      proxies.set(`${app} ${server}`, proxy);
      appEnv[app] = { ...appEnv[app], ...addressOf(server, proxy.port) };
    }
    const stack = await startTestStack(folder, {
      ...{ replicas, appEnv },
      env: { ENVIRONMENT: 'local', LOG_LEVEL: 'info', ...env },
      log: (sentence) => console.log(`    ${sentence}`),
    });
    process.env.GATEWAY_URL = stack.gatewayUrl;
    return new System(stack, folder.dir, proxies);
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

  /** The proxy between an app and a server. The scenario has to name both in `proxied`. */
  proxy(app: App, server: Server): TcpProxy {
    const proxy = this.proxies.get(`${app} ${server}`);
    if (!proxy) throw new Error(`The scenario has no proxy between ${app} and ${server}`);
    return proxy;
  }

  /** Sends SIGKILL. The process is not started again before `start`. */
  async kill(name: string): Promise<void> {
    await this.process(name).kill();
  }

  /** Resolves when the process is ready. */
  async start(name: string): Promise<void> {
    await retry(() => this.process(name).start(), { timeoutMs: START_TIMEOUT_MS, intervalMs: 200 });
  }

  /** Stops a process and its descendants (SIGSTOP): they keep their connections and answer nothing. */
  freeze(name: string): void {
    signalTree(this.process(name).pid, 'SIGSTOP');
  }

  thaw(name: string): void {
    signalTree(this.process(name).pid, 'SIGCONT');
  }

  /** Restarts an app with other settings. */
  async restartWith(name: string, env: Record<string, string>): Promise<void> {
    const process = this.process(name);
    process.spec.env = { ...process.spec.env, ...env };
    await process.restart();
  }

  /** The database, with the account of its administrator. */
  async database(): Promise<pg.Pool> {
    const pool = new pg.Pool({
      host: '127.0.0.1',
      port: this.stack.ports.postgres,
      user: 'postgres',
      password: readFileSync(join(this.dir, 'secrets/postgres_admin'), 'utf8').trim(),
      database: 'app',
      max: 4,
    });
    pool.on('error', () => undefined);
    this.closers.push(() => pool.end());
    return pool;
  }

  /** A Redis, with all rights. Restarts it, because it reads its accounts when it starts. */
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

  /** NATS, with all rights. Restarts it, because it reads its accounts when it starts. */
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
    for (const proxy of this.proxies.values()) proxy.restore();
    for (const { pid } of this.stack.processes.values()) signalTree(pid, 'SIGCONT');
    await this.stack.stop();
    for (const proxy of this.proxies.values()) await proxy.close();
  }
}

/** The settings that connect an app to a server at this port. */
function addressOf(server: Server, port: number): Record<string, string> {
  const value = String(port);
  return {
    postgres: { POSTGRES_PORT: value },
    'redis-cache': { REDIS_CACHE_PORT: value },
    'redis-limits': { REDIS_RATE_LIMIT_PORT: value },
    'redis-queue': { REDIS_QUEUE_PORT: value },
    nats: { NATS_URL: `nats://127.0.0.1:${value}` },
  }[server];
}

function signalTree(pid: number | undefined, signal: NodeJS.Signals): void {
  if (!pid) return;
  for (const member of processTree(pid)) {
    try {
      process.kill(member, signal);
    } catch {
      // The process has ended.
    }
  }
}
