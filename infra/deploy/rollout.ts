// Replaces the containers of services without losing a request: npm run rollout -- users
//
// Builds the image if the compose file says how; otherwise the image is what the compose file names by its tag. Runs the
// migrations, starts as many new containers as there are old ones, connects them to the gateway when all are healthy,
// and stops the old ones gracefully. A failure before that removes the new containers, and the old ones keep running.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArguments } from '../../tools/lib/arguments.ts';
import { Failure } from '../../tools/lib/failure.ts';
import { runMain } from '../../tools/lib/main.ts';
import { poll } from '../../tools/lib/poll.ts';
import { colour, log, seconds, step } from '../../tools/lib/progress.ts';
import { stopSignal } from '../../tools/lib/stop-signal.ts';
import { SERVICE_NAMES } from '../services.ts';
import { Compose, type Config, type Container } from './compose.ts';

const GATEWAY = 'nginx';
const NAMES = [...SERVICE_NAMES, GATEWAY];
const USAGE = `Usage: npm run rollout -- <service>… | --all; services are ${NAMES.join(', ')}.`;
/** Longer than the health check of docker-compose.yml takes to report "unhealthy". */
const HEALTHY_TIMEOUT_MS = 90_000;
const RELOAD_TIMEOUT_MS = 10_000;
/** The gateway resolves addresses every second (nginx/render.ts). */
const RESOLVE_MS = 2_000;

const signal = stopSignal();
const compose = new Compose({ signal });
/** For what a request to stop does not interrupt. */
const uninterrupted = new Compose();

await runMain(main);

async function main() {
  const { values, positionals } = parseArguments(USAGE, {
    allowPositionals: true,
    options: { all: { type: 'boolean', default: false } },
  });
  const names = values.all ? NAMES : positionals;
  if (names.length === 0 || !names.every((name) => NAMES.includes(name))) throw new Failure(USAGE);
  const config = await compose.config();
  for (const name of names) await (name === GATEWAY ? reloadGateway() : rollOut(name, config));
}

/** The gateway is not replaced, because its container owns the port. It reloads its configuration. */
async function reloadGateway() {
  await step(`${GATEWAY}: new configuration, certificates`, async () => {
    for (const once of ['secrets', 'nginx-config'])
      await compose.compose('run', '--rm', '--no-deps', '-T', once);
    const nginx = ['nginx', '-e', 'stderr', '-p', '/tmp', '-c', '/config/nginx.conf'];
    try {
      await compose.compose('exec', '-T', GATEWAY, ...nginx, '-t', '-q');
    } catch (error) {
      signal.throwIfAborted();
      throw new Failure(
        'nginx refuses the new configuration. It runs with the old one, and cannot start with the new one.',
        { details: error instanceof Failure ? error.details : String(error) },
      );
    }
    const before = await gatewayWorkers();
    await compose.compose('kill', '--signal', 'HUP', GATEWAY);
    await poll(async () => !(await gatewayWorkers()).some((pid) => before.includes(pid)), {
      message: 'nginx has not reloaded its configuration: see `docker compose logs nginx`.',
      timeoutMs: RELOAD_TIMEOUT_MS,
      signal,
    });
  });
}

/** Process ids of the workers that accept connections. */
async function gatewayWorkers(): Promise<string[]> {
  const [gateway] = await compose.containers(GATEWAY);
  if (!gateway) throw new Failure('nginx does not run: start it with `docker compose up --detach --wait`.');
  const processes = (await compose.docker('top', gateway.id, '-eo', 'pid,args')).split('\n');
  return processes.flatMap((line) => /^\s*(\d+) nginx: worker process$/.exec(line)?.[1] ?? []);
}

async function rollOut(name: string, config: Config) {
  const since = Date.now();
  const migration = `migrate-${name}`;
  const build = Boolean(config.services[name]?.build);
  const old = await runningContainers(name);
  const count = Math.max(1, old.length);
  try {
    if (build) await step(`${name}: build`, () => compose.compose('build', name));
    if (config.services[migration])
      await step(`${name}: migrations`, () => compose.compose('run', '--rm', '--no-deps', '-T', migration));
    await step(`${name}: ${count} new beside ${old.length} old, healthy`, () =>
      startNew(name, old, count, config),
    );
  } catch (error) {
    for (const { id } of await newContainers(uninterrupted, name, old))
      await uninterrupted.docker('rm', '--force', id);
    // The tag names the new image: without this, the next start of the service would use it.
    if (build && old[0]) await uninterrupted.docker('tag', old[0].image, await uninterrupted.imageOf(name));
    throw refusal(name, old.length, error);
  }
  for (const container of old)
    await step(
      `${name}: ${container.name} stopped and removed`,
      () => uninterrupted.remove(container),
      (code) => `with exit code ${code}`,
    );
  log(colour.green(`${name} is rolled out, in ${seconds(Date.now() - since)}.`));
}

/** Removes containers that have ended: Compose would count them as replicas, and start them. */
async function runningContainers(name: string): Promise<Container[]> {
  const all = await compose.containers(name);
  for (const { id, state } of all) if (state !== 'running') await compose.docker('rm', '--force', id);
  return all.filter(({ state }) => state === 'running');
}

/** The gateway sends requests to every container with the service's name on its network, so that comes last. */
async function startNew(name: string, old: Container[], count: number, { services, networks }: Config) {
  const scale = ['--scale', `${name}=${old.length + count}`];
  await compose.compose('up', '--no-start', '--no-deps', '--no-build', '--no-recreate', ...scale, name);
  const shared = Object.keys(services[name]?.networks ?? {}).find(
    (key) => key in (services[GATEWAY]?.networks ?? {}),
  );
  const network = shared && networks[shared]?.name;
  const ids = (await newContainers(compose, name, old)).map(({ id }) => id);
  for (const id of ids) {
    if (network) await compose.docker('network', 'disconnect', network, id);
    await compose.docker('start', id);
  }
  await compose.waitUntilHealthy(ids, HEALTHY_TIMEOUT_MS);
  if (!network) return;
  for (const id of ids) await compose.docker('network', 'connect', '--alias', name, network, id);
  await delay(RESOLVE_MS, undefined, { signal });
}

async function newContainers(project: Compose, name: string, old: Container[]): Promise<Container[]> {
  const ids = new Set(old.map(({ id }) => id));
  return (await project.containers(name)).filter(({ id }) => !ids.has(id));
}

function refusal(name: string, oldCount: number, error: unknown): Error {
  const state = oldCount > 0 ? `Rolled back: ${oldCount} old still run.` : 'Nothing runs.';
  if (signal.aborted) {
    log(`${name} is not rolled out. ${state}`);
    return signal.reason;
  }
  const { message, details } = error instanceof Failure ? error : new Failure(String(error));
  return new Failure(`${name} is not rolled out. ${message} ${state}`, { details });
}
