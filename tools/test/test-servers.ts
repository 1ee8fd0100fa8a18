// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePrograms } from '../servers/install-programs.ts';
import { choosePorts } from '../lib/ports.ts';
import { ADMIN, postgresHomes } from '../servers/postgres.ts';
import { SERVER_SPECS, UNPROTECTED_PASSWORD } from '../servers/servers.ts';
import { Supervisor } from '../processes/supervisor.ts';

const TEMPLATES = fileURLToPath(new URL('../../node_modules/.cache/test-servers', import.meta.url));
const NAMES = /** @type {(keyof typeof SERVER_SPECS)[]} */ (Object.keys(SERVER_SPECS));

/**
 * Private servers for one run of tests: new, empty, without accounts, careless of crashes. They end with this
 * process, however it ends.
 *
 * @returns {Promise<{ env: Record<string, string>, stop: () => Promise<void> }>}
 */
export async function startTestServers() {
  const dir = mkdtempSync(join(tmpdir(), 'test-servers-'));
  const removeDirs = [dir, postgresHomes(dir).outside];
  const supervisor = await Supervisor.open(dir, { removeDirs });
  const stop = async () => {
    await supervisor.stop();
    for (const path of removeDirs) rmSync(path, { recursive: true, force: true });
  };
  try {
    const [programs, ports] = await Promise.all([
      ensurePrograms({ names: ['postgres', 'redis', 'nats'], say: console.log }),
      choosePorts(NAMES),
    ]);
    const options = { dir, ports, programs, durable: false, templates: TEMPLATES };
    await Promise.all(NAMES.map(async (name) => supervisor.start(await SERVER_SPECS[name](options))));
    return { env: environment(ports), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {Record<string, number>} ports */
function environment(ports) {
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
