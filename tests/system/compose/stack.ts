// @ts-check
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Compose } from '../../../infra/deploy/compose.ts';
import { seconds } from '../../../tools/lib/progress.ts';
import { Client } from './client.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * A compose project of its own, on a free port. Compose and whatever else is started learn of it from the environment.
 */
export class Stack extends Compose {
  /** @param {string} project @param {string} [folder]  another checkout than this one */
  static async named(project, folder) {
    const port = await freePort();
    const gateway = `http://localhost:${port}`;
    Object.assign(process.env, {
      COMPOSE_PROJECT_NAME: project,
      GATEWAY_PORT: String(port),
      GATEWAY_URL: gateway,
    });
    return new Stack(project, gateway, folder);
  }

  /** @param {string} project @param {string} gateway @param {string} [folder] */
  constructor(project, gateway, folder) {
    super({ folder });
    this.project = project;
    this.gateway = gateway;
    this.client = new Client(gateway);
  }

  /** Rows of one column. @param {string} sql */
  query = async (sql) => {
    const psql = [
      'psql',
      '--username=postgres',
      '--dbname=app',
      '--no-align',
      '--tuples-only',
      '--command',
      sql,
    ];
    return (await this.compose('exec', '-T', 'postgres', ...psql)).split('\n').filter(Boolean);
  };

  /** @param {string[]} args */
  up(...args) {
    return this.compose('up', '--detach', '--wait', '--wait-timeout', '180', ...args);
  }

  async down() {
    this.client.close();
    await this.compose('down', '--volumes', '--remove-orphans', '--timeout', '20');
  }

  /** Runs something whose output belongs into the log. @param {string} program @param {string[]} args */
  run(program, ...args) {
    return new Promise((resolve, reject) => {
      spawn(program, args, { cwd: this.folder, stdio: ['ignore', 'inherit', 'inherit'] })
        .on('error', reject)
        .on('exit', (code) =>
          code === 0
            ? resolve(undefined)
            : reject(new Error(`${program} ${args.join(' ')}: exit code ${code}`)),
        );
    });
  }
}

/** Says how long it took. @template T @param {string} what @param {() => Promise<T>} work */
export async function timed(what, work) {
  const since = Date.now();
  const result = await work();
  console.log(`${what}: ${seconds(Date.now() - since)}`);
  return result;
}

/** @template T @param {string} what @param {() => Promise<T | undefined | false>} look @param {number} limitMs @returns {Promise<T>} */
export async function eventually(what, look, limitMs) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${limitMs / 1000} s`);
    await delay(100);
  }
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
