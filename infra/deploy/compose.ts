import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../tools/lib/failure.ts';
import { ROOT } from '../../tools/lib/root.ts';
import { run } from '../../tools/lib/run.ts';

const INTERVAL_MS = 500;

interface Service {
  image: string;
  build?: object;
  ports?: { host_ip?: string; published: string }[];
  networks: Record<string, unknown>;
}

export interface Config {
  services: Record<string, Service>;
  networks: Record<string, { name: string; internal?: boolean }>;
}

export interface Container {
  id: string;
  name: string;
  /** Id of its image. */
  image: string;
  /** running, exited, restarting and so on */
  state: string;
  /** starting, healthy, unhealthy; empty without a health check */
  health: string;
  restarts: number;
  exitCode: number;
  /** Time for a graceful stop. */
  stopSeconds: number;
}

interface Inspected {
  Id: string;
  Name: string;
  Created: string;
  Image: string;
  RestartCount: number;
  State: { Status: string; ExitCode: number; Health?: { Status: string } };
  Config: { StopTimeout?: number };
}

/** The compose project of a checkout. `.env`, COMPOSE_FILE and so on apply as in `docker compose`. */
export class Compose {
  readonly folder: string;
  readonly #signal: AbortSignal | undefined;

  /** Aborting the signal kills the command that runs. */
  constructor({ folder = ROOT, signal }: { folder?: string; signal?: AbortSignal } = {}) {
    this.folder = folder;
    this.#signal = signal;
  }

  compose(...args: string[]): Promise<string> {
    return this.docker('compose', ...args);
  }

  async docker(...args: string[]): Promise<string> {
    return (await run('docker', args, { cwd: this.folder, signal: this.#signal })).stdout.trim();
  }

  async config(...args: string[]): Promise<Config> {
    return JSON.parse(await this.compose(...args, 'config', '--format', 'json'));
  }

  async imageOf(service: string): Promise<string> {
    const found = (await this.config()).services[service];
    if (!found) throw new Failure(`The compose file has no service ${service}.`);
    return found.image;
  }

  /** The containers of a service, the oldest first, also those that do not run. */
  async containers(service: string): Promise<Container[]> {
    const ids = await this.compose('ps', '--all', '--quiet', service);
    return this.inspect(ids.split('\n').filter(Boolean));
  }

  async inspect(ids: string[]): Promise<Container[]> {
    if (ids.length === 0) return [];
    const found: Inspected[] = JSON.parse(await this.docker('inspect', ...ids));
    return found
      .sort((a, b) => a.Created.localeCompare(b.Created))
      .map(({ Id, Name, Image, State, RestartCount, Config: { StopTimeout } }) => ({
        id: Id,
        name: Name.slice(1),
        image: Image,
        state: State.Status,
        health: State.Health?.Status ?? '',
        restarts: RestartCount,
        exitCode: State.ExitCode,
        stopSeconds: StopTimeout ?? 10,
      }));
  }

  /** Resolves when all are healthy. Rejects when one ends or is unhealthy, or when the time is over. */
  async waitUntilHealthy(ids: string[], timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const containers = await this.inspect(ids);
      const isLate = Date.now() > deadline;
      for (const container of containers) {
        const fault = faultOf(container, isLate && `was not healthy within ${timeoutMs / 1000} s`);
        if (!fault) continue;
        const log = await run('docker', ['logs', '--tail', '15', container.id], { allowFailure: true });
        throw new Failure(`${container.name} ${fault}.`, { details: log.output });
      }
      if (containers.every(({ health }) => health === 'healthy')) return;
      await delay(INTERVAL_MS, undefined, { signal: this.#signal });
    }
  }

  /** Stops a container gracefully and removes it. Returns its exit code. */
  async remove({ id, stopSeconds }: Container): Promise<number> {
    await this.docker('stop', '-t', String(stopSeconds), id);
    const [stopped] = await this.inspect([id]);
    await this.docker('rm', id);
    return stopped?.exitCode ?? -1;
  }
}

function faultOf({ state, health, restarts, exitCode }: Container, late: string | false): string | false {
  if (state === 'restarting' || restarts > 0) return 'ended and was started again';
  if (state !== 'running') return `ended with exit code ${exitCode}`;
  if (health === 'unhealthy') return 'is unhealthy';
  return health !== 'healthy' && late;
}
