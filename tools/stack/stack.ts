import { setMaxListeners } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureSecrets } from '../../infra/secrets/generate.ts';
import {
  HTTP_SERVICES,
  SCHEMA_OWNERS,
  SERVICE_NAMES,
  SERVICES,
  type ServiceName,
} from '../../infra/services.ts';
import { parseList } from '../../packages/config/src/gateway-settings.ts';
import { Failure, Interrupted } from '../lib/failure.ts';
import { choosePorts, freePort, isFree, portOf } from '../lib/ports.ts';
import type { Step } from '../lib/progress.ts';
import type { ManagedProcess } from '../processes/managed-process.ts';
import { Supervisor } from '../processes/supervisor.ts';
import { ensurePrograms } from '../servers/install-programs.ts';
import { postgresHomes } from '../servers/postgres.ts';
import { prepareServer, SERVER_NAMES, SERVER_TITLES } from '../servers/servers.ts';
import { type AppCommand, appSpec, replicasOf, runCommands } from './apps.ts';
import { isExternal, migrationEnvironment, serviceEnvironment, type StackLayout } from './environment.ts';
import { prepareGateway, reloadGateway } from './gateway.ts';
import { checkSettings } from './settings.ts';

/** Commands of the users service that create what the first request needs. */
const SEEDS = ['create-first-superuser', 'create-first-tier'];

export interface StackOptions {
  /** Holds data, logs, secrets and remembered ports of this stack. */
  dir: string;
  /** 0: any free port. */
  gatewayPort?: number;
  /** Delete what an earlier run of this stack has kept. */
  fresh?: boolean;
  /** false, in tests: servers are faster and may lose data in a crash. */
  durable?: boolean;
  /** App → number of its processes, 1 by default. */
  replicas?: Record<string, number>;
  /** Settings for every app, over `base`. */
  env?: Record<string, string>;
  /** App → settings for that app only. */
  appEnv?: Record<string, Record<string, string>>;
  /** By default the environment of this process. */
  base?: NodeJS.ProcessEnv;
  /** The apps start when it resolves. */
  compiled?: Promise<unknown>;
  /** Directories that are removed when this process dies without a stop. */
  removeDirs?: string[];
  /** Receives crashes, restarts and the like, as sentences. */
  log?: (sentence: string) => void;
  /** Wraps each step, to show progress. */
  step?: Step;
  signal?: AbortSignal;
}

export interface Stack {
  gatewayUrl: string;
  ports: Record<string, number>;
  /** Servers, apps (`users`, its second replica `users-2`) and the gateway, by name. */
  processes: Map<string, ManagedProcess>;
  /** The environment of an app. */
  env(app: string): NodeJS.ProcessEnv;
  migrate(service: string): Promise<void>;
  /** Restarts the replicas of an app, one after another. */
  restart(app: string): Promise<void>;
  reloadGateway(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the whole system and resolves when the gateway is ready. When a part fails, or the signal aborts, it stops
 * every process that was started, then rejects.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dir, log = () => undefined, removeDirs } = options;
  const failure = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  setMaxListeners(0, signal);
  const supervisor = await Supervisor.open(dir, { log, removeDirs });
  try {
    if (options.fresh) deleteKept(dir);
    return await start({ ...options, log, signal }, supervisor);
  } catch (error) {
    failure.abort(new Interrupted());
    await supervisor.stop();
    throw error;
  }
}

async function start(
  options: StackOptions & Required<Pick<StackOptions, 'log' | 'signal'>>,
  supervisor: Supervisor,
): Promise<Stack> {
  const { dir, log, signal, base = process.env, durable = true, step = (_, work) => work() } = options;
  const secretsDir = join(dir, 'secrets');
  ensureSecrets(secretsDir);
  const apps = includedServices({ ...base, ...options.env });
  const replicas = apps.flatMap((name) => replicasOf(name, options.replicas?.[name]));
  const servers = SERVER_NAMES.filter((name) => !isExternal(name, base));
  const gatewayPort = await chooseGatewayPort(options.gatewayPort);
  const ports = await choosePorts(
    [...servers, ...replicas.flatMap(({ name }) => [name, `${name}-internal`])],
    join(dir, 'ports.json'),
    gatewayPort,
  );
  const layout: StackLayout = { base, ports, secretsDir, overrides: options.env };
  const env = (app: string) => ({ ...serviceEnvironment(app, layout), ...options.appEnv?.[app] });
  const migrationEnv = (app: string) => ({ ...migrationEnvironment(app, layout), ...options.appEnv?.[app] });

  const programs = await step('Programs of the servers', () =>
    ensurePrograms(['postgres', 'redis', 'nats', 'nginx'], { log, signal }),
  );
  await Promise.all([
    ...servers.map((name) =>
      step(SERVER_TITLES[name], async () => {
        const port = portOf(ports, name);
        const spec = await prepareServer(name, { dir, port, programs, secretsDir, durable, signal });
        return supervisor.start(spec, signal);
      }),
    ),
    Promise.resolve(options.compiled).then(() => checkSettings({ apps, env, migrationEnv })),
  ]);

  const migration = (app: string): AppCommand => ({
    ...{ app, file: 'database/migrate.js', args: ['up'] },
    env: migrationEnv(app),
  });
  const seeds = SEEDS.map((name) => ({ app: 'users', file: `commands/${name}.js`, env: env('users') }));
  await step('Migrations, first superuser and tier', () =>
    runCommands([...SCHEMA_OWNERS.map(migration), ...seeds], signal),
  );
  await Promise.all(
    replicas.map((replica) =>
      step(`Service ${replica.name}`, () =>
        supervisor.start(appSpec(replica, { ports, env: env(replica.app) }), signal),
      ),
    ),
  );

  const addresses = (service: string) =>
    replicas.filter(({ app }) => app === service).map(({ name }) => `127.0.0.1:${portOf(ports, name)}`);
  const gatewayOptions = {
    dir,
    program: programs.nginx.path,
    port: gatewayPort,
    env: { ...base, ...options.env },
    upstreams: Object.fromEntries(HTTP_SERVICES.map((name) => [name, addresses(name)])),
  };
  const gateway = await step('Gateway', () => supervisor.start(prepareGateway(gatewayOptions), signal));

  return {
    gatewayUrl: `http://localhost:${gatewayPort}`,
    ports,
    processes: supervisor.processes,
    env,
    migrate: (app) => runCommands([migration(app)], signal),
    restart: async (app) => {
      for (const { name } of replicas.filter((replica) => replica.app === app))
        await supervisor.processes.get(name)?.restart();
    },
    reloadGateway: () => reloadGateway(gatewayOptions, gateway),
    stop: () => supervisor.stop(),
  };
}

/** All services but those that WITHOUT_SERVICES names. */
function includedServices({ WITHOUT_SERVICES = '' }: NodeJS.ProcessEnv): ServiceName[] {
  const excluded = parseList(WITHOUT_SERVICES);
  const unknown = excluded.filter((name) => !Object.hasOwn(SERVICES, name));
  if (unknown.length > 0)
    throw new Failure(
      `WITHOUT_SERVICES names ${unknown.join(', ')}: choose from ${SERVICE_NAMES.join(', ')}.`,
    );
  return SERVICE_NAMES.filter((name) => !excluded.includes(name));
}

function deleteKept(dir: string): void {
  for (const name of readdirSync(dir).filter((entry) => entry !== 'pids'))
    rmSync(join(dir, name), { recursive: true });
  rmSync(postgresHomes(dir).outside, { recursive: true, force: true });
}

async function chooseGatewayPort(gatewayPort = 8000): Promise<number> {
  if (gatewayPort === 0) return freePort();
  if (await isFree(gatewayPort)) return gatewayPort;
  throw new Failure(
    `Port ${gatewayPort} is used by another program: stop that, or set another port with \`GATEWAY_PORT=${gatewayPort + 80} npm start\`.`,
  );
}
