// @ts-check
import { setMaxListeners } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureSecrets } from '../../infra/secrets/generate.ts';
import { HTTP_SERVICES, SCHEMA_OWNERS, SERVICE_NAMES, SERVICES } from '../../infra/services.ts';
import { appSpec, replicasOf, runCommand } from './apps.ts';
import { migrationEnvironment, serviceEnvironment } from './environment.ts';
import { Failure, Interrupted } from '../lib/failure.ts';
import { prepareGateway, reloadGateway } from './gateway.ts';
import { checkGivenServers, givenServers } from './given-servers.ts';
import { ensurePrograms } from '../servers/install-programs.ts';
import { choosePorts, isFree } from '../lib/ports.ts';
import { postgresHomes } from '../servers/postgres.ts';
import { SERVER_NAMES } from '../servers/server-programs.ts';
import { SERVER_SPECS } from '../servers/servers.ts';
import { Supervisor } from '../processes/supervisor.ts';

/** What has to be there before the first request. */
const SEEDS = ['create-first-superuser', 'create-first-tier'];

/** @type {Record<keyof typeof SERVER_SPECS, string>} */
const TITLES = {
  postgres: 'PostgreSQL',
  'redis-cache': 'Redis for the cache',
  'redis-limits': 'Redis for limits',
  'redis-queue': 'Redis for queues',
  nats: 'NATS',
};

/**
 * @typedef {object} StackOptions
 * @property {string} root  the checkout
 * @property {string} dir  data, logs, secrets and remembered ports of this stack
 * @property {number} [gatewayPort]  0: any free one
 * @property {boolean} [fresh]  forget what an earlier run of this stack has kept
 * @property {boolean} [durable]  false: faster and forgetful, for tests
 * @property {Record<string, number>} [replicas]  app → how many of it; one unless told
 * @property {Record<string, string>} [env]  settings for every app, over the runner's environment
 * @property {Record<string, Record<string, string>>} [appEnv]  app → settings for that app only
 * @property {NodeJS.ProcessEnv} [base]  instead of the runner's environment
 * @property {Promise<unknown>} [compiled]  what the apps have to wait for
 * @property {string[]} [removeDirs]  directories that shall not outlive the stack, even if the runner is killed
 * @property {(sentence: string) => void} [say]
 * @property {import('../lib/progress.ts').Step} [step]  wraps each step, to show progress
 * @property {AbortSignal} [signal]
 *
 * @typedef {Awaited<ReturnType<typeof startStack>>} Stack
 */

/**
 * Starts the whole system and returns once the gateway says that it is ready. When something fails, or the signal
 * asks for it, everything that was started is stopped before this rejects.
 *
 * @param {StackOptions} options
 */
export async function startStack(options) {
  const { dir, say = () => undefined, removeDirs } = options;
  const failure = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  setMaxListeners(0, signal);
  const supervisor = await Supervisor.open(dir, { say, removeDirs });
  try {
    if (options.fresh) forgetEverything(dir);
    return await start({ ...options, say, signal }, supervisor);
  } catch (error) {
    failure.abort(new Interrupted());
    await supervisor.stop();
    throw error;
  }
}

/**
 * @param {StackOptions & { say: (sentence: string) => void, signal: AbortSignal }} options
 * @param {Supervisor} supervisor
 */
async function start(options, supervisor) {
  const { root, dir, say, signal, base = process.env, durable = true, step = (_, work) => work() } = options;
  const secretsDir = join(dir, 'secrets');
  ensureSecrets(secretsDir);
  const given = givenServers(base);
  const servers = ownServers(given);
  const without = servicesLeftOut({ ...base, ...options.env });
  const replicas = SERVICE_NAMES.filter((name) => !without.includes(name)).flatMap((name) =>
    replicasOf({ name, http: SERVICES[name].http }, options.replicas?.[name]),
  );
  const ports = await choosePorts(
    [...servers, ...replicas.flatMap(({ name, http }) => [...(http ? [name] : []), `${name}-internal`])],
    join(dir, 'ports.json'),
  );
  const gatewayPort = await chooseGatewayPort(options);
  const surroundings = { base, ports, given, secretsDir, overrides: options.env };
  /** @param {string} app */
  const env = (app) => ({ ...serviceEnvironment(app, surroundings), ...options.appEnv?.[app] });

  const names = SERVER_NAMES.filter((name) => name === 'nginx' || !given[name]);
  const programs = await step('Programs of the servers', () => ensurePrograms({ names, say, signal }));
  await Promise.all([
    checkGivenServers(given),
    ...servers.map((name) =>
      step(TITLES[name], async () =>
        supervisor.start(
          await SERVER_SPECS[name]({ dir, ports, programs, secretsDir, durable, signal }),
          signal,
        ),
      ),
    ),
    options.compiled,
  ]);

  const migrate = (/** @type {string} */ service) =>
    runCommand(service, 'database/migrate.js', ['up'], {
      ...{ root, signal },
      env: { ...migrationEnvironment(service, surroundings), ...options.appEnv?.[service] },
    });
  const seed = (/** @type {string} */ name) =>
    runCommand('users', `commands/${name}.js`, [], { root, signal, env: env('users') });

  await step('Migrations', () => Promise.all(SCHEMA_OWNERS.map(migrate)));
  await Promise.all([
    step('First superuser and tier', () => Promise.all(SEEDS.map(seed))),
    ...replicas.map((replica) =>
      step(`Service ${replica.name}`, () =>
        supervisor.start(appSpec(replica, { root, dir, ports, env: env(replica.app) }), signal),
      ),
    ),
  ]);

  const gatewayOptions = {
    ...{ root, dir, program: programs.nginx.path, port: gatewayPort, env: { ...base, ...options.env } },
    upstreams: Object.fromEntries(
      HTTP_SERVICES.map((name) => [
        name,
        replicas.filter(({ app }) => app === name).map((replica) => `127.0.0.1:${ports[replica.name]}`),
      ]),
    ),
  };
  const gateway = await step('Gateway', async () =>
    supervisor.start(await prepareGateway(gatewayOptions), signal),
  );

  return {
    gatewayUrl: `http://localhost:${gatewayPort}`,
    ports,
    given,
    env,
    /** Every process by its name: servers, apps (`posts`, its second replica `posts-2`) and the gateway. */
    processes: supervisor.processes,
    migrate,
    /** Restarts the replicas of an app, one after another. @param {string} app */
    restart: async (app) => {
      for (const { name } of replicas.filter((replica) => replica.app === app))
        await supervisor.processes.get(name)?.restart();
    },
    reloadGateway: () => reloadGateway(gatewayOptions, gateway),
    stop: () => supervisor.stop(),
  };
}

/**
 * What WITHOUT_SERVICES names.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
function servicesLeftOut({ WITHOUT_SERVICES = '' }) {
  const names = WITHOUT_SERVICES.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const unknown = names.filter((name) => !Object.hasOwn(SERVICES, name));
  if (unknown.length > 0)
    throw new Failure(
      `WITHOUT_SERVICES names ${unknown.join(', ')}: choose from ${SERVICE_NAMES.join(', ')}.`,
    );
  return names;
}

/** @param {string} dir */
function forgetEverything(dir) {
  for (const name of readdirSync(dir).filter((entry) => entry !== 'pids'))
    rmSync(join(dir, name), { recursive: true });
  rmSync(postgresHomes(dir).outside, { recursive: true, force: true });
}

/** @param {import('./given-servers.ts').GivenServers} given */
function ownServers(given) {
  const all = /** @type {(keyof typeof SERVER_SPECS)[]} */ (Object.keys(SERVER_SPECS));
  return all.filter((name) => !given[/** @type {'postgres' | 'redis' | 'nats'} */ (name.split('-')[0])]);
}

/** @param {StackOptions} options */
async function chooseGatewayPort({ dir, gatewayPort = 8000 }) {
  if (gatewayPort === 0) return (await choosePorts(['gateway'], join(dir, 'ports.json'))).gateway;
  if (await isFree(gatewayPort)) return gatewayPort;
  throw new Failure(
    `Port ${gatewayPort} is taken by another program: end that one, or choose another port with \`GATEWAY_PORT=${gatewayPort + 80} npm start\`.`,
  );
}
