import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICE_NAMES } from '../../../../infra/services.ts';
import { freePort } from '../../../../tools/lib/ports.ts';
import { poll } from '../../../../tools/lib/poll.ts';
import { ROOT } from '../../../../tools/lib/root.ts';
import { api, gateway, gatewayUrl } from '../../../support/api.ts';
import { ADMIN, createUser, logIn } from '../../../support/users.ts';
import { request } from './api.ts';
import { Guide } from './guide.ts';
import { Stack, timed } from '../stack.ts';
import { checkTls } from './tls.ts';

const SERVERS = ['nginx', 'postgres', 'nats', 'redis-cache', 'redis-limits', 'redis-queue'];
const RESTART_TIMEOUT_MS = 120_000;

/** Follows docs/deploying.md in a fresh clone, section by section, and checks what each section promises. */
export async function production({ project }: Stack): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'production-'));
  const folder = join(home, 'clone');
  const tlsPort = await freePort();
  Object.assign(process.env, { TLS_PORT: String(tlsPort), ACME_DIR: join(home, 'acme') });
  execFileSync('git', ['clone', '--quiet', ROOT, folder]);
  const stack = await Stack.named(project, folder);
  const guide = new Guide(stack, [
    ['/etc/shop', join(home, 'etc')],
    ['/var/backups/shop', join(home, 'backups')],
    ['http://localhost/', `${gatewayUrl()}/`],
    ['https://localhost/', `https://localhost:${tlsPort}/`],
  ]);
  try {
    await follow(guide, stack, home, tlsPort);
  } finally {
    await stack.down();
    rmSync(home, { recursive: true });
  }
}

async function follow(guide: Guide, stack: Stack, home: string, tlsPort: number): Promise<void> {
  await guide.section('Build the images');
  await guide.section('Settings and secrets');
  await guide.section('Start');
  await isProduction(stack, readFileSync(join(home, 'etc/secrets/admin_password'), 'utf8').trim());
  await stack.tour();

  const user = await createUser();
  await guide.section('Backups');

  appendFileSync(join(stack.folder, 'apps/posts/src/main.ts'), '// The next version.\n');
  await guide.section('Update');
  await keepsOldVersion(stack);
  await guide.section('Scale');
  await keepsReplicas(stack, 3);

  await timed('all data is lost, and the stack starts again', async () => {
    await stack.down();
    await stack.up();
  });
  const later = await createUser();
  await guide.section('Restore');
  await logIn(user);
  await request('GET /user/me', { token: user.token });
  assert.equal((await api(`GET /user/${later.username}`)).status, 404);
  console.log('restored: the users of the dump with their sessions, and no later ones');

  await guide.section('TLS');
  await checkTls(stack, tlsPort, home);
  for (const [fault, signal] of Object.entries({ killed: 'SIGKILL', frozen: 'SIGSTOP' }))
    await isRestarted(stack, fault, signal);
}

async function isProduction(stack: Stack, password: string): Promise<void> {
  await logIn({ username: ADMIN.username, password });
  const withDefault = await api('POST /login', { form: ADMIN });
  assert.equal(withDefault.status, 401);
  for (const path of ['/docs', '/redoc', '/openapi.json'] as const)
    assert.equal((await gateway(`GET ${path}`)).status, 404, path);
  const template = '{{.HostConfig.RestartPolicy.Name}} {{index .HostConfig.LogConfig.Config "max-size"}}';
  for (const name of [...SERVICE_NAMES, ...SERVERS]) {
    const [container] = await stack.containers(name);
    const policy = await stack.docker('inspect', '--format', template, container?.id ?? name);
    assert.equal(policy, 'unless-stopped 20m', name);
  }
}

/** The old version keeps running when the new one exits. */
async function keepsOldVersion(stack: Stack): Promise<void> {
  const idsOf = async () => (await stack.containers('posts')).map(({ id }) => id);
  const old = await idsOf();
  const image = await stack.imageOf('posts');
  const broken = image.replace(/:[^:]+$/, ':broken');
  execFileSync('docker', ['build', '--quiet', '--tag', broken, '-'], {
    input: `FROM ${image}\nCMD ["node", "--eval", "process.exit(3)"]\n`,
    stdio: 'pipe',
  });
  process.env.POSTS_TAG = 'broken';
  await assert.rejects(stack.rollOut('posts'), /failed with code 1/);
  delete process.env.POSTS_TAG;
  assert.deepEqual(await idsOf(), old);
  await stack.docker('rmi', broken);
}

/** A rollout replaces every replica of a service. */
async function keepsReplicas(stack: Stack, count: number): Promise<void> {
  const idsOf = async () => (await stack.containers('posts')).map(({ id }) => id);
  const old = await idsOf();
  assert.equal(old.length, count);
  await stack.rollOut('posts');
  const now = await idsOf();
  assert.equal(now.length, count);
  assert.ok(!now.some((id) => old.includes(id)));
}

/** A process that is killed or hangs is started again. */
async function isRestarted(stack: Stack, fault: string, signal: string): Promise<void> {
  const [container] = await stack.containers('users');
  assert.ok(container);
  // Every process but init. The end of the container is also the end of this command.
  const kill = `process.kill(-1, '${signal}')`;
  await stack.docker('exec', container.id, 'node', '--eval', kill).catch(() => undefined);
  const isHealthy = async () => {
    const [now] = await stack.inspect([container.id]);
    return now && now.restarts > container.restarts && now.health === 'healthy';
  };
  const message = `The process of users was ${fault} and is not healthy again.`;
  await timed(`users, ${fault}, is healthy again`, () =>
    poll(isHealthy, { message, timeoutMs: RESTART_TIMEOUT_MS }),
  );
}
