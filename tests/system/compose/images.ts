// @ts-check
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Compose } from '../../../infra/deploy/compose.ts';
import { SERVICE_NAMES } from '../../../infra/services.ts';
import { root } from './stack.ts';

const BASE = 'node:24-trixie-slim';
const LIMIT_MB = 120;
const REBUILD_LIMIT_S = 30;
const CHANGED = 'posts';
const SECRET = /(password|secret|token)[a-z_]*=./i;

/**
 * What each image adds to its base, and that nothing secret is in it.
 *
 * @param {import('./stack.ts').Stack} stack
 */
export async function images(stack) {
  const services = await stack.services();
  const sizeOf = async (/** @type {string} */ image) =>
    Number(await stack.docker('inspect', '--format', '{{.Size}}', image)) / 1e6;
  const base = await sizeOf(BASE);
  for (const service of SERVICE_NAMES) {
    const { image = '' } = services[service] ?? {};
    const added = (await sizeOf(image)) - base;
    const history = await stack.docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', image);
    const files = await stack.docker('run', '--rm', '--entrypoint', 'find', image, '/app', '-name', '.env*');
    console.log(`${image}: ${added.toFixed(0)} MB on top of ${BASE} (${base.toFixed(0)} MB)`);
    assert.ok(added <= LIMIT_MB, `more than ${LIMIT_MB} MB`);
    assert.doesNotMatch(history, SECRET);
    assert.equal(files, '');
  }
}

/**
 * A change in one app makes one new image, soon.
 *
 * @param {import('./stack.ts').Stack} stack
 */
export async function rebuild(stack) {
  const folder = mkdtempSync(join(tmpdir(), 'rebuild-'));
  const clone = new Compose({ folder });
  const build = async (/** @type {string} */ tag) => {
    writeFileSync(join(folder, '.env'), `IMAGE_PREFIX=${stack.project}\nTAG=${tag}\n`);
    await clone.compose('build', '--quiet');
    const images = SERVICE_NAMES.map((service) => `${stack.project}/${service}:${tag}`);
    return { images, ids: (await clone.docker('inspect', '--format', '{{.Id}}', ...images)).split('\n') };
  };
  try {
    await stack.run('git', 'clone', '--quiet', root, folder);
    const before = await build('before');
    appendFileSync(join(folder, `apps/${CHANGED}/src/main.ts`), '// Changed.\n');
    const since = Date.now();
    const after = await build('after');
    const took = (Date.now() - since) / 1000;
    const rebuilt = SERVICE_NAMES.filter((_, index) => after.ids[index] !== before.ids[index]);
    console.log(`build after a change in ${CHANGED}: ${rebuilt.join(', ')} rebuilt in ${took.toFixed(1)} s`);
    await clone.docker('rmi', ...before.images, ...after.images);
    assert.deepEqual(rebuilt, [CHANGED]);
    assert.ok(took <= REBUILD_LIMIT_S, `more than ${REBUILD_LIMIT_S} s`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is running, and its memory. @param {import('./stack.ts').Stack} stack */
export async function memory(stack) {
  const ids = (await stack.compose('ps', '--quiet')).split('\n');
  const lines = (
    await stack.docker('stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', ...ids)
  ).split('\n');
  const all = lines.map((line) => {
    const [, name = '', amount, unit] = /^(\S+) ([\d.]+)([KMG])iB/.exec(line) ?? [];
    return { name, mb: Number(amount) * { K: 1 / 1024, M: 1, G: 1024 }[/** @type {'K'} */ (unit)] };
  });
  const short = all.map(({ name, mb }) => `${name.replace(`${stack.project}-`, '')} ${mb.toFixed(0)}`);
  console.log(
    `memory in MiB: ${short.sort().join(', ')}; together ${all.reduce((sum, { mb }) => sum + mb, 0).toFixed(0)}`,
  );
}

/** Only the gateway can be reached from outside, and pgAdmin from the machine itself. @param {import('./stack.ts').Stack} stack */
export async function ports(stack) {
  const config = JSON.parse(await stack.compose('--profile', 'pgadmin', 'config', '--format', 'json'));
  /** @type {[string, import('../../../infra/deploy/compose.ts').Service][]} */
  const all = Object.entries(config.services);
  const published = all.flatMap(([name, { ports = [] }]) =>
    ports.map((port) => `${name} ${port.host_ip ?? 'everywhere'}`),
  );
  assert.deepEqual(published.sort(), ['nginx everywhere', 'pgadmin 127.0.0.1']);
  assert.ok(!('pgadmin' in (await stack.services())), 'pgAdmin is started only on demand');
}
