// A system serves behind PgBouncer as docs/deploying.md sets it up: node --test tests/system/pgbouncer.ts
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { readSecret } from '../../infra/secrets/generate.ts';
import { SERVICE_NAMES } from '../../infra/services.ts';
import { freePort } from '../../tools/lib/ports.ts';
import { ROOT } from '../../tools/lib/root.ts';
import { run } from '../../tools/lib/run.ts';
import { prepareCheckout } from '../../tools/lib/toolchain.ts';
import { answersPostgres } from '../../tools/processes/probes.ts';
import { Supervisor } from '../../tools/processes/supervisor.ts';
import { ensurePrograms } from '../../tools/servers/install-programs.ts';
import { ADMIN, DATABASE } from '../../tools/servers/postgres.ts';
import { useStack } from './suite-stack.ts';

await prepareCheckout();
// Compiled code.
const { api } = await import('../support/api.ts');
const { createUser } = await import('../support/users.ts');

const JOURNEYS = ['client', 'sessions', 'account'];

describe('behind PgBouncer in transaction mode', () => {
  const stack = useStack({ POSTGRES_PREPARED_STATEMENTS: 'false' });
  const dir = mkdtempSync(join(tmpdir(), 'pgbouncer-'));
  let pgbouncer: Supervisor;

  const passwordOf = (name: string) =>
    readSecret(dirname(stack().env('users').POSTGRES_PASSWORD_FILE!), `postgres_${name}`);

  before(async () => {
    const port = await freePort();
    const users = SERVICE_NAMES.map((name) => `"${name}" "${passwordOf(name)}"\n`);
    writeFileSync(join(dir, 'users.txt'), users.join(''));
    writeFileSync(join(dir, 'pgbouncer.ini'), configuration(stack().ports.postgres!, port, dir));
    const { pgbouncer: program } = await ensurePrograms(['pgbouncer'], { log: console.log });
    // PgBouncer refuses to run as root.
    chmodSync(dir, 0o755);
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    pgbouncer = await Supervisor.open(dir);
    await pgbouncer.start({
      name: 'pgbouncer',
      stage: 'server',
      command: program.path,
      args: [...user, join(dir, 'pgbouncer.ini')],
      isReady: () => answersPostgres(port),
    });
    for (const name of SERVICE_NAMES) {
      const { spec } = stack().processes.get(name)!;
      spec.env = { ...spec.env, POSTGRES_PORT: String(port) };
      await stack().restart(name);
    }
  });
  after(async () => {
    await pgbouncer?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('the services serve', async () => {
    await run('npm', ['--prefix', 'tests', 'run', 'e2e', '--', `/(${JOURNEYS.join('|')})\\.spec`], {
      cwd: ROOT,
    });
  });

  it('a request that waits for a lock is refused, and the next one is served', async () => {
    const { username, token } = await createUser();
    const rename = () => api(`PATCH /user/${username}`, { token, body: { name: 'Ada King' } });
    const admin = new pg.Client({
      ...{ host: '127.0.0.1', port: stack().ports.postgres, database: DATABASE },
      ...{ user: ADMIN, password: passwordOf('admin') },
    });
    await admin.connect();
    await admin.query('BEGIN; LOCK TABLE users.users');
    assert.equal((await rename()).status, 503);
    await admin.end();
    assert.equal((await rename()).status, 200);
  });

  it('the services are connected to it alone', async () => {
    const { token } = await createUser();
    await pgbouncer.stop();
    assert.equal((await api('GET /user/me', { token })).status, 503);
  });
});

/** The block of the guide, with the addresses of this run. */
function configuration(postgresPort: number, port: number, dir: string): string {
  const guide = readFileSync(join(ROOT, 'docs/deploying.md'), 'utf8');
  const [, block = ''] = /^```ini\n(.*?)^```/ms.exec(guide) ?? [];
  return `${block.replace('host=postgres', `host=127.0.0.1 port=${postgresPort}`)}
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${dir}/users.txt
`;
}
