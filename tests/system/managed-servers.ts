// A system uses servers that run elsewhere, over TLS, as managed ones do: node --test tests/system/managed-servers.ts
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ROOT } from '../../tools/lib/root.ts';
import { run } from '../../tools/lib/run.ts';
import { prepareCheckout } from '../../tools/lib/toolchain.ts';
import type { Stack } from '../../tools/stack/stack.ts';
import { createStackFolder, type StackFolder, startTestStack } from '../../tools/stack/test-stack.ts';
import { MANAGED_DATABASE, MANAGER, NATS_TOKEN, PASSWORD, TlsServers } from './tls-servers.ts';

await prepareCheckout();

const JOURNEYS = ['client', 'sessions', 'account', 'posts', 'tasks'];

describe('with PostgreSQL, Redis and NATS elsewhere, over TLS, with client certificates', () => {
  const servers = new TlsServers('localhost');
  let folder: StackFolder;
  let stack: Stack;

  before(async () => {
    await servers.start();
    const { ports } = servers;
    folder = createStackFolder('system');
    const redis = `rediss://:${PASSWORD}@localhost:${ports.redis}`;
    stack = await startTestStack(folder, {
      env: { LOG_LEVEL: 'warn' },
      base: {
        EXTERNAL_SERVERS: 'postgres,redis,nats',
        DATABASE_URL: `postgres://localhost:${ports.postgres}/${MANAGED_DATABASE}?sslmode=verify-full`,
        POSTGRES_ADMIN_USER: MANAGER,
        POSTGRES_ADMIN_PASSWORD: PASSWORD,
        ...certificates('POSTGRES_SSL', servers),
        REDIS_CACHE_URL: redis,
        REDIS_RATE_LIMIT_URL: redis,
        REDIS_QUEUE_URL: redis,
        ...certificates('REDIS_TLS', servers),
        NATS_URL: `tls://localhost:${ports.nats}`,
        NATS_TOKEN,
        ...certificates('NATS_TLS', servers),
      },
    });
    process.env.GATEWAY_URL = stack.gatewayUrl;
  });
  after(async () => {
    await stack?.stop();
    folder?.remove();
    await servers.stop();
  });

  it('starts none of them', () => {
    const started = [...stack.processes.keys()].filter((name) => /^(postgres|redis|nats)/.test(name));
    assert.deepEqual(started, []);
  });

  it('the services serve', async () => {
    await run('npm', ['--prefix', 'tests', 'run', 'e2e', '--', `/(${JOURNEYS.join('|')})\\.spec`], {
      cwd: ROOT,
    });
  });
});

const certificates = (prefix: string, servers: TlsServers) => ({
  [`${prefix}_CA_FILE`]: servers.file('ca.pem'),
  [`${prefix}_CERT_FILE`]: servers.file('client.pem'),
  [`${prefix}_KEY_FILE`]: servers.file('client.key'),
});
