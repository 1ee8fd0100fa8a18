import { join } from 'node:path';
import { choosePorts } from '../lib/ports.ts';
import { Supervisor } from '../processes/supervisor.ts';
import { ensurePrograms } from '../servers/install-programs.ts';
import { ADMIN } from '../servers/postgres.ts';
import { prepareServer, SERVER_NAMES, type ServerName, UNPROTECTED_PASSWORD } from '../servers/servers.ts';
import { createStackFolder } from '../stack/test-stack.ts';

export interface TestServers {
  /** The variables by which services find the servers. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts private servers for one run of tests: new, empty, without accounts. They end when this process ends. */
export async function startTestServers(): Promise<TestServers> {
  const { dir, removeDirs, remove } = createStackFolder('test-servers');
  const supervisor = await Supervisor.open(dir, { removeDirs });
  const stop = async () => {
    await supervisor.stop();
    remove();
  };
  try {
    const [programs, ports] = await Promise.all([
      ensurePrograms(['postgres', 'redis', 'nats'], { log: console.log }),
      choosePorts(SERVER_NAMES, join(dir, 'ports.json')),
    ]);
    const options = { dir, programs, durable: false };
    await Promise.all(
      SERVER_NAMES.map(async (name) =>
        supervisor.start(await prepareServer(name, { ...options, port: ports[name] })),
      ),
    );
    return { env: environment(ports), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function environment(ports: Record<ServerName, number>): Record<string, string> {
  const host = '127.0.0.1';
  return {
    ENVIRONMENT: 'local',
    LOG_LEVEL: 'silent',
    POSTGRES_SERVER: host,
    POSTGRES_PORT: String(ports.postgres),
    POSTGRES_ADMIN_USER: ADMIN,
    POSTGRES_ADMIN_PASSWORD: UNPROTECTED_PASSWORD,
    REDIS_CACHE_HOST: host,
    REDIS_CACHE_PORT: String(ports['redis-cache']),
    REDIS_RATE_LIMIT_HOST: host,
    REDIS_RATE_LIMIT_PORT: String(ports['redis-limits']),
    REDIS_QUEUE_HOST: host,
    REDIS_QUEUE_PORT: String(ports['redis-queue']),
    NATS_URL: `nats://${host}:${ports.nats}`,
  };
}
