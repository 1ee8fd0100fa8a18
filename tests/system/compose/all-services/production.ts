import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICE_NAMES } from '../../../../infra/services.ts';
import { poll } from '../../../../tools/lib/poll.ts';
import { freePort } from '../../../../tools/lib/ports.ts';
import { step } from '../../../../tools/lib/progress.ts';
import { api, gateway, gatewayUrl } from '../../../support/api.ts';
import { ADMIN, createUser, logIn } from '../../../support/users.ts';
import { Clone } from '../../clone.ts';
import { commandsOf } from '../guide.ts';
import { FAULTS, Stack } from '../stack.ts';
import { checkTls } from './tls.ts';

const BUILD_LIMIT_MS = 30_000;
const RESTART_TIMEOUT_MS = 120_000;

/** Follows docs/deploying.md in a fresh clone, section by section, and checks what each section promises. */
export async function production({ project }: Stack): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'production-'));
  const clone = new Clone('production');
  const tlsPort = await freePort();
  Object.assign(process.env, { TLS_PORT: String(tlsPort), ACME_DIR: join(home, 'acme') });
  const stack = await Stack.named(project, clone.folder);
  try {
    await followGuide(stack, home, `https://localhost:${tlsPort}/`);
  } finally {
    await stack.down();
    clone.remove();
    rmSync(home, { recursive: true });
  }
}

async function followGuide(stack: Stack, home: string, tlsUrl: string): Promise<void> {
  const replacements = {
    '/etc/shop': join(home, 'etc'),
    '/var/backups/shop': join(home, 'backups'),
    'http://localhost/': `${gatewayUrl()}/`,
    'https://localhost/': tlsUrl,
  };
  const follow = (section: string) =>
    step(`"${section}"`, () =>
      stack.run('bash', '-euo', 'pipefail', '-c', commandsOf(stack.folder, section, replacements)),
    );
  await follow('Build the images');
  await follow('Settings and secrets');
  await follow('Start');
  await isProduction(stack, readFileSync(join(home, 'etc/secrets/admin_password'), 'utf8').trim());
  stack.tour();

  const user = await createUser();
  await follow('Backups');

  await changeBuildsOneImage(stack, 'posts');
  await follow('Update');
  await follow('Scale');
  assert.equal((await stack.containers('posts')).length, 3);

  await step('all data is lost, and the stack starts again', async () => {
    await stack.down();
    await stack.up();
  });
  const later = await createUser();
  await follow('Restore');
  await logIn(user);
  assert.equal((await api('GET /user/me', { token: user.token })).status, 200);
  assert.equal((await api(`GET /user/${later.username}`)).status, 404);

  await follow('TLS');
  await checkTls(stack, home, `${tlsUrl}api/v1/health`);
  for (const [fault, signal] of Object.entries(FAULTS)) await isRestarted(stack, fault, signal);
}

async function isProduction(stack: Stack, password: string): Promise<void> {
  await logIn({ username: ADMIN.username, password });
  assert.equal((await api('POST /login', { form: ADMIN })).status, 401);
  for (const path of ['/docs', '/redoc', '/openapi.json'] as const)
    assert.equal((await gateway(`GET ${path}`)).status, 404, path);
  const running = (await stack.compose('ps', '--quiet')).split('\n');
  const template = '{{.HostConfig.RestartPolicy.Name}} {{index .HostConfig.LogConfig.Config "max-size"}}';
  const policies = (await stack.docker('inspect', '--format', template, ...running)).split('\n');
  assert.deepEqual(new Set(policies), new Set(['unless-stopped 20m']));
}

/** A change in one app makes one new image, quickly. */
async function changeBuildsOneImage(stack: Stack, app: string): Promise<void> {
  const idsOf = async (tag: string) => {
    const images = SERVICE_NAMES.map((name) => `registry.example.com/shop/${name}:${tag}`);
    return (await stack.docker('inspect', '--format', '{{.Id}}', ...images)).split('\n');
  };
  appendFileSync(join(stack.folder, `apps/${app}/src/main.ts`), '// The next version.\n');
  const since = Date.now();
  await step(`build after a change in ${app}`, () =>
    stack.run('env', 'TAG=1.1.0', 'docker', 'compose', '--file', 'docker-compose.yml', 'build', '--quiet'),
  );
  assert.ok(Date.now() - since <= BUILD_LIMIT_MS, 'the build takes too long');
  const [former, next] = [await idsOf('1.0.0'), await idsOf('1.1.0')];
  assert.deepEqual(
    SERVICE_NAMES.filter((_, index) => former[index] !== next[index]),
    [app],
  );
}

/** A process that is killed or hangs is started again. */
async function isRestarted(stack: Stack, fault: string, signal: NodeJS.Signals): Promise<void> {
  const [container] = await stack.containers('users');
  assert.ok(container);
  await stack.signal(container.id, signal);
  const isHealthy = async () => {
    const [now] = await stack.inspect([container.id]);
    return now && now.restarts > container.restarts && now.health === 'healthy';
  };
  const message = `The process of users was ${fault} and is not healthy again.`;
  await step(`users, ${fault}, is healthy again`, () =>
    poll(isHealthy, { message, timeoutMs: RESTART_TIMEOUT_MS }),
  );
}
