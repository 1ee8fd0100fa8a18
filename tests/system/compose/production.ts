// @ts-check
// docs/deploying.md, followed to the letter: what it says in ```bash blocks is run, section by section, in a fresh clone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICE_NAMES } from '../../../infra/services.ts';
import { Client } from './client.ts';
import { Guide } from './guide.ts';
import { eventually, freePort, root, Stack, timed } from './stack.ts';

/** @param {Stack} outer  gives the name of the project */
export async function production({ project }) {
  const home = mkdtempSync(join(tmpdir(), 'production-'));
  const folder = join(home, 'clone');
  const tlsPort = await freePort();
  Object.assign(process.env, { TLS_PORT: String(tlsPort), ACME_DIR: join(home, 'acme') });
  execFileSync('git', ['clone', '--quiet', root, folder]);
  const stack = await Stack.named(project, folder);
  const guide = new Guide(stack, [
    ['/etc/shop', join(home, 'etc')],
    ['/var/backups/shop', join(home, 'backups')],
    ['http://localhost/', `${stack.gateway}/`],
    ['https://localhost/', `https://localhost:${tlsPort}/`],
  ]);
  try {
    await follow(guide, stack, home, tlsPort);
  } finally {
    await stack.down();
    rmSync(home, { recursive: true });
  }
}

/** @param {Guide} guide @param {Stack} stack @param {string} home @param {number} tlsPort */
async function follow(guide, stack, home, tlsPort) {
  await guide.section('Build the images');
  await guide.section('Settings and secrets');
  await guide.section('Start');
  const admin = {
    username: 'admin',
    password: readFileSync(join(home, 'etc/secrets/admin_password'), 'utf8').trim(),
  };
  const { client } = stack;
  await isProduction(stack, admin);
  await stack.run(process.execPath, 'tests/system/readme.ts', 'tour');

  const kept = await client.join();
  await guide.section('Backups');

  appendFileSync(join(stack.folder, 'apps/posts/src/main.ts'), '// The next version.\n');
  await guide.section('Update');
  await refusesBroken(stack);
  await guide.section('Scale');
  await keepsItsNumber(stack, 3);

  await timed('everything is lost, and starts anew', async () => {
    await stack.down();
    await stack.up();
  });
  const newcomer = await client.join();
  await guide.section('Restore');
  await client.logIn(kept);
  await client.get('GET /api/v1/user/me', { token: kept.token });
  assert.equal((await client.call(`GET /api/v1/user/${newcomer.username}`)).status, 404);
  console.log('restored: users of the time of the dump are there, still logged in, and nobody else is');

  await guide.section('TLS');
  const certificate = readFileSync(join(home, 'etc/secrets/tls_certificate'));
  await speaksTls(stack, tlsPort, certificate);
  await answersAuthority(stack, join(home, 'acme'));
  await refusesNoCertificate(stack, join(home, 'etc/secrets/tls_certificate'));
  await speaksTls(stack, tlsPort, certificate);
  await speaksTls(stack, tlsPort, await renewed(stack, join(home, 'lineage')));
  console.log(
    'TLS: the gateway has the certificate of the guide, then the one that the hook of certbot brought',
  );

  await comesBack(stack);
}

/** @param {Stack} stack @param {{ username: string, password: string }} admin */
async function isProduction(stack, admin) {
  const { client } = stack;
  await client.logIn(admin);
  for (const path of ['/docs', '/redoc', '/openapi.json'])
    assert.equal((await client.call(`GET ${path}`)).status, 404, path);
  const refused = { username: 'admin', password: '!Ch4ng3Th1sP4ssW0rd!' };
  await assert.rejects(new Client(stack.gateway).logIn(refused), /401/);
  for (const name of [
    ...SERVICE_NAMES,
    'nginx',
    'postgres',
    'nats',
    'redis-cache',
    'redis-limits',
    'redis-queue',
  ]) {
    const [container] = await stack.containers(name);
    const template = '{{.HostConfig.RestartPolicy.Name}} {{index .HostConfig.LogConfig.Config "max-size"}}';
    const policy = await stack.docker('inspect', '--format', template, container?.id ?? name);
    assert.equal(policy, 'unless-stopped 20m', name);
  }
}

/** A version that does not start leaves the old one in place. @param {Stack} stack */
async function refusesBroken(stack) {
  const [old] = await stack.containers('posts');
  assert.ok(old);
  const { image = '' } = (await stack.services()).posts ?? {};
  const broken = image.replace(/:[^:]+$/, ':broken');
  execFileSync('docker', ['build', '--quiet', '--tag', broken, '-'], {
    input: `FROM ${image}\nCMD ["node", "--eval", "process.exit(3)"]\n`,
    stdio: 'pipe',
  });
  process.env.POSTS_TAG = 'broken';
  await assert.rejects(stack.run('npm', 'run', '--silent', 'rollout', '--', 'posts'), /exit code 1/);
  delete process.env.POSTS_TAG;
  assert.deepEqual(
    (await stack.containers('posts')).map(({ id }) => id),
    [old.id],
  );
  await stack.docker('rmi', broken);
}

/** A rollout replaces all replicas of a service. @param {Stack} stack @param {number} count */
async function keepsItsNumber(stack, count) {
  const idsOf = async () => (await stack.containers('posts')).map(({ id }) => id);
  const old = await idsOf();
  assert.equal(old.length, count);
  await stack.run('npm', 'run', '--silent', 'rollout', '--', 'posts');
  const now = await idsOf();
  assert.equal(now.length, count);
  assert.ok(!now.some((id) => old.includes(id)));
}

/** @param {Stack} stack @param {number} port @param {Buffer} certificate */
async function speaksTls({ client }, port, certificate) {
  const { statusCode, headers } = await overTls(port, certificate);
  assert.equal(statusCode, 200);
  assert.match(String(headers['strict-transport-security']), /max-age/);
  assert.equal((await client.call('GET /api/v1/users')).status, 308);
}

/** @param {number} port @param {Buffer} ca @returns {Promise<import('node:http').IncomingMessage>} */
function overTls(port, ca) {
  return new Promise((resolve, reject) => {
    https
      .get({ host: 'localhost', port, path: '/api/v1/users', ca, agent: false }, (answer) =>
        resolve(answer.resume()),
      )
      .on('error', reject);
  });
}

/** What certbot leaves for the certificate authority is there for it to see. @param {Stack} stack @param {string} folder */
async function answersAuthority({ client }, folder) {
  const place = join(folder, '.well-known/acme-challenge');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'token'), 'token.thumbprint');
  assert.equal(await client.get('GET /.well-known/acme-challenge/token'), 'token.thumbprint');
}

/** With a file that is no certificate the gateway goes on as before. @param {Stack} stack @param {string} file */
async function refusesNoCertificate(stack, file) {
  writeFileSync(file, 'no certificate');
  await assert.rejects(stack.run('npm', 'run', '--silent', 'rollout', '--', 'nginx'), /exit code 1/);
}

/** The hook as certbot calls it, with a new certificate. @param {Stack} stack @param {string} lineage */
async function renewed(stack, lineage) {
  mkdirSync(lineage);
  const certificate = join(lineage, 'fullchain.pem');
  const files = ['-keyout', join(lineage, 'privkey.pem'), '-out', certificate];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...name, ...files], {
    stdio: 'ignore',
  });
  await stack.run('env', `RENEWED_LINEAGE=${lineage}`, 'infra/deploy/take-certificate.sh');
  return readFileSync(certificate);
}

/** A process that crashes, and one that hangs, are started again. @param {Stack} stack */
async function comesBack(stack) {
  for (const [what, signal] of /** @type {const} */ ([
    ['killed', 'SIGKILL'],
    ['frozen', 'SIGSTOP'],
  ])) {
    const [container] = await stack.containers('users');
    assert.ok(container);
    // Everything in it but its init; the end of the container is also the end of this command.
    const strike = `process.kill(-1, '${signal}')`;
    await stack.docker('exec', container.id, 'node', '--eval', strike).catch(() => undefined);
    await timed(`users, ${what}, is healthy again`, () =>
      eventually(
        what,
        async () => {
          const [now] = await stack.inspect([container.id]);
          return now && now.restarts > container.restarts && now.health === 'healthy';
        },
        120_000,
      ),
    );
  }
}
