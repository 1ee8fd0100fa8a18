// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../tools/lib/failure.ts';
import { run } from '../../tools/lib/run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LOOK_EVERY_MS = 500;

/**
 * @typedef {object} Service
 * @property {string} image
 * @property {object} [build]
 * @property {{ host_ip?: string, published: string }[]} [ports]
 * @property {Record<string, unknown>} networks
 *
 * @typedef {object} Container
 * @property {string} id
 * @property {string} name
 * @property {string} image  id of the image it was made of
 * @property {string} state  running, exited, restarting, …
 * @property {string} health  starting, healthy, unhealthy; empty without a health check
 * @property {number} restarts
 * @property {number} exitCode
 * @property {number} stopSeconds  what it is given for a graceful stop
 */

/** The compose project of a checkout, as `docker compose` sees it: .env, COMPOSE_FILE and the like apply. */
export class Compose {
  /**
   * @param {object} [options]
   * @param {string} [options.folder]  another checkout than this one
   * @param {AbortSignal} [options.signal]  aborting ends the command that runs
   */
  constructor({ folder = root, signal } = {}) {
    this.folder = folder;
    this.#signal = signal;
  }

  #signal;

  /** @param {string[]} args  of docker compose */
  compose(...args) {
    return this.docker('compose', ...args);
  }

  /** @param {string[]} args */
  async docker(...args) {
    const { stdout } = await run('docker', args, { cwd: this.folder, signal: this.#signal });
    return stdout.trim();
  }

  /** @returns {Promise<{ services: Record<string, Service>, networks: Record<string, { name: string }> }>} */
  async config() {
    return JSON.parse(await this.compose('config', '--format', 'json'));
  }

  /** By name. */
  async services() {
    return (await this.config()).services;
  }

  /** @param {string} service @returns {Promise<Container[]>} the oldest first; those that do not run as well */
  async containers(service) {
    const ids = await this.compose('ps', '--all', '--quiet', service);
    return this.inspect(ids.split('\n').filter(Boolean));
  }

  /** @param {string[]} ids @returns {Promise<Container[]>} */
  async inspect(ids) {
    if (ids.length === 0) return [];
    /** @type {any[]} */
    const found = JSON.parse(await this.docker('inspect', ...ids));
    return found
      .sort((a, b) => a.Created.localeCompare(b.Created))
      .map(({ Id, Name, Image, State, RestartCount, Config }) => ({
        id: Id,
        name: Name.slice(1),
        image: Image,
        state: State.Status,
        health: State.Health?.Status ?? '',
        restarts: RestartCount,
        exitCode: State.ExitCode,
        stopSeconds: Config.StopTimeout ?? 10,
      }));
  }

  /**
   * Resolves when all of them are healthy; rejects as soon as one ends, is given up by its health check, or the time
   * is over.
   *
   * @param {string[]} ids
   * @param {number} limitMs
   */
  async healthy(ids, limitMs) {
    const deadline = Date.now() + limitMs;
    for (;;) {
      const containers = await this.inspect(ids);
      for (const { id, name, state, health, restarts, exitCode } of containers) {
        const why =
          state === 'restarting' || restarts > 0
            ? 'ended and was started again'
            : state !== 'running'
              ? `ended with exit code ${exitCode}`
              : health === 'unhealthy' && 'is unhealthy';
        if (why) throw new Failure(`${name} ${why}.`, { details: await this.lastLog(id) });
      }
      const waiting = containers.find(({ health }) => health !== 'healthy');
      if (!waiting) return;
      if (Date.now() > deadline)
        throw new Failure(`${waiting.name} was not healthy within ${limitMs / 1000} s.`, {
          details: await this.lastLog(waiting.id),
        });
      await delay(LOOK_EVERY_MS, undefined, { signal: this.#signal });
    }
  }

  /** Stops a container as gracefully as it can be, and removes it. @param {Container} container */
  async retire({ id, stopSeconds }) {
    await this.docker('stop', '-t', String(stopSeconds), id);
    const [{ exitCode } = { exitCode: -1 }] = await this.inspect([id]);
    await this.docker('rm', id);
    return exitCode;
  }

  /** @param {string} id */
  async lastLog(id) {
    return (await run('docker', ['logs', '--tail', '15', id], { allowFailure: true })).output;
  }
}
