// @ts-check
// Replaces the containers of a service, without losing a request: npm run rollout -- posts
//
// Where the compose file builds, a new image is built; elsewhere the image is what the compose file names by its tag.
// The tables are brought up to date, as many new containers as there are old ones start beside them, and when all of
// them are healthy the gateway gets to know them, and the old ones finish what they do and go. Anything that fails
// before that ends with the old ones as they were, a reason, and exit code 1.
import { setTimeout as delay } from 'node:timers/promises';
import { Failure, Interrupted } from '../../tools/lib/failure.ts';
import { Progress } from '../../tools/lib/progress.ts';
import { poll } from '../../tools/lib/poll.ts';
import { stopSignal } from '../../tools/lib/stop-signal.ts';
import { SERVICE_NAMES } from '../services.ts';
import { Compose } from './compose.ts';

/** @typedef {import('./compose.ts').Container} Container */
/** @typedef {Awaited<ReturnType<Compose['config']>>} Config */

const GATEWAY = 'nginx';
/** Longer than the health check of docker-compose.yml takes to give up. */
const HEALTHY_LIMIT_MS = 90_000;
const RELOAD_LIMIT_MS = 10_000;
/** The gateway asks for addresses once a second (nginx/render.ts). */
const GATEWAY_LOOKS_MS = 2_000;

const progress = new Progress();
const signal = stopSignal();
const compose = new Compose({ signal });
/** What has to be put back is put back, whoever asks to stop. */
const insistent = new Compose();

try {
  await main(process.argv.slice(2));
} catch (error) {
  const { message, details } = /** @type {Failure} */ (error);
  if (details) progress.log(details);
  progress.log(progress.colour.red(message));
  process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
}
process.exit();

/** @param {string[]} names */
async function main(names) {
  const all = [...SERVICE_NAMES, GATEWAY];
  const wanted = names.includes('--all') ? all : names;
  const unknown = wanted.filter((name) => !all.includes(name));
  if (wanted.length === 0 || unknown.length > 0)
    throw new Failure(`Usage: npm run rollout -- <service>… | --all; services are ${all.join(', ')}.`);
  const config = await compose.config();
  for (const [index, name] of wanted.entries()) {
    try {
      await (name === GATEWAY ? reloadGateway() : rollOut(name, config));
    } catch (error) {
      const left = wanted.slice(index + 1);
      if (left.length > 0) progress.log(`Not touched: ${left.join(', ')}.`);
      throw error;
    }
  }
}

/** The gateway is not replaced: it owns the port. It takes its new configuration while it works. */
async function reloadGateway() {
  await progress.step(label(GATEWAY, 'new configuration, certificates'), async () => {
    for (const once of ['secrets', 'nginx-config'])
      await compose.compose('run', '--rm', '--no-deps', '-T', once);
    const nginx = ['nginx', '-e', 'stderr', '-p', '/tmp', '-c', '/config/nginx.conf'];
    try {
      await compose.compose('exec', '-T', GATEWAY, ...nginx, '-t', '-q');
    } catch (error) {
      signal.throwIfAborted();
      const { details } = /** @type {Failure} */ (error);
      throw new Failure(
        'nginx does not take its new configuration: it goes on with the old one, and would not start with this one.',
        { details },
      );
    }
    const before = await gatewayWorkers();
    await compose.compose('kill', '--signal', 'HUP', GATEWAY);
    await poll(async () => !(await gatewayWorkers()).some((pid) => before.includes(pid)), {
      message: 'nginx has not taken its new configuration: docker compose logs nginx says why.',
      timeoutMs: RELOAD_LIMIT_MS,
      signal,
    });
  });
}

/** Process ids of those that take new connections. */
async function gatewayWorkers() {
  const [{ id }] = await compose.containers(GATEWAY);
  const processes = (await compose.docker('top', id, '-eo', 'pid,args')).split('\n');
  return processes.flatMap((line) => /^\s*(\d+) nginx: worker process$/.exec(line)?.[1] ?? []);
}

/** @param {string} name @param {string} text */
function label(name, text) {
  return `${progress.colour.bold(name)}: ${text}`;
}

/** @param {string} name @param {Config} config */
async function rollOut(name, config) {
  const since = Date.now();
  const { services } = config;
  const { image, build } = services[name];
  const old = await withoutRemains(name);
  try {
    if (build) await progress.step(label(name, 'build'), () => compose.compose('build', name));
    const migration = `migrate-${name}`;
    if (services[migration])
      await progress.step(label(name, 'migrations'), () =>
        compose.compose('run', '--rm', '--no-deps', '-T', migration),
      );
    await progress.step(label(name, `${Math.max(1, old.length)} new beside ${old.length} old, healthy`), () =>
      startBeside(name, old, gatewayNetwork(name, config)),
    );
  } catch (error) {
    await putBack(name, old);
    // The tag as well, or the next start of the service would take the image that failed.
    if (build && old[0]) await insistent.docker('tag', old[0].image, image);
    throw refusal(name, old.length, error);
  }
  for (const container of old)
    await progress.step(
      label(name, `${container.name} finished and gone`),
      () => insistent.retire(container),
      (code) => `with exit code ${code}`,
    );
  progress.log(
    progress.colour.green(`${name} is rolled out, in ${Math.round((Date.now() - since) / 1000)} s.`),
  );
}

/** The containers that run. Compose would count, and start, those that ended earlier. @param {string} name */
async function withoutRemains(name) {
  const all = await compose.containers(name);
  const runs = all.filter(({ state }) => state === 'running');
  for (const { id } of all.filter((container) => !runs.includes(container)))
    await compose.docker('rm', '--force', id);
  return runs;
}

/** Where the gateway looks for a service, if it does. @param {string} name @param {Config} config */
function gatewayNetwork(name, { services, networks }) {
  const shared = Object.keys(services[name].networks).find((key) => key in services[GATEWAY].networks);
  return shared && networks[shared].name;
}

/**
 * The gateway sends requests to whatever bears the service's name on its network, so that is where new containers come
 * last.
 *
 * @param {string} name @param {Container[]} old @param {string} [network]  of the gateway
 */
async function startBeside(name, old, network) {
  const count = old.length + Math.max(1, old.length);
  const create = [
    'up',
    '--no-start',
    '--no-deps',
    '--no-build',
    '--no-recreate',
    '--scale',
    `${name}=${count}`,
  ];
  await compose.compose(...create, name);
  const ids = withoutOld(await compose.containers(name), old).map(({ id }) => id);
  for (const id of ids) {
    if (network) await compose.docker('network', 'disconnect', network, id);
    await compose.docker('start', id);
  }
  await compose.healthy(ids, HEALTHY_LIMIT_MS);
  if (!network) return;
  for (const id of ids) await compose.docker('network', 'connect', '--alias', name, network, id);
  await delay(GATEWAY_LOOKS_MS, undefined, { signal });
}

/** @param {string} name @param {Container[]} old */
async function putBack(name, old) {
  const started = withoutOld(await insistent.containers(name), old);
  for (const { id } of started) await insistent.docker('rm', '--force', id);
}

/** @param {string} name @param {number} count  of old containers @param {unknown} error */
function refusal(name, count, error) {
  const state = count > 0 ? `Rolled back: ${count} old goes on as before.` : 'Nothing runs.';
  if (signal.aborted) {
    progress.log(`${name} is not rolled out. ${state}`);
    return signal.reason;
  }
  const { message, details } = /** @type {Failure} */ (error);
  return new Failure(`${name} is not rolled out. ${message} ${state}`, { details });
}

/** @param {Container[]} all @param {Container[]} old */
function withoutOld(all, old) {
  return all.filter(({ id }) => !old.some((container) => container.id === id));
}
