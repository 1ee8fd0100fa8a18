// @ts-check
import assert from 'node:assert/strict';
import { SERVICE_NAMES } from '../../services.mjs';

const BASE = 'node:24-trixie-slim';
const LIMIT_MB = 120;
const SECRET = /(password|secret|token)[a-z_]*=./i;

/**
 * What each image adds to its base, and that nothing secret is in it.
 *
 * @param {import('./stack.mjs').Stack} stack
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

/** What is running, and its memory. @param {import('./stack.mjs').Stack} stack */
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

/** Only the gateway can be reached from outside. @param {import('./stack.mjs').Stack} stack */
export async function ports(stack) {
  const published = Object.entries(await stack.services()).filter(([, { ports }]) => ports);
  assert.deepEqual(
    published.map(([name]) => name),
    ['nginx'],
  );
}
