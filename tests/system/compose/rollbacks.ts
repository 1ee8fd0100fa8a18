// @ts-check
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { explain } from './gateway-log.ts';
import { Load } from './load.ts';
import { timed } from './stack.ts';

const SERVICE = 'posts';
const BROKEN_SERVER = `
  const server = () => require('node:http').createServer((question, answer) => answer.writeHead(500).end());
  for (const port of [process.env.PORT, process.env.INTERNAL_PORT]) server().listen(port, '0.0.0.0');`;

/** @typedef {{ override: object, says: RegExp, code?: number, interruptAt?: RegExp }} Case */

/** @type {Record<string, (image: string) => Case>} */
const CASES = {
  'a version that ends at once': (image) => ({
    override: built(image, 'process.exit(3)'),
    says: /posts is not rolled out\. \S+ ended with exit code 3\. Rolled back: 1 old goes on as before\./,
  }),
  'a version that answers, and never gets healthy': (image) => ({
    override: built(image, BROKEN_SERVER),
    says: /posts is not rolled out\. \S+ is unhealthy\. Rolled back: 1 old goes on as before\./,
  }),
  'a version that does not build': (image) => ({
    override: { [SERVICE]: { build: buildOf(`FROM ${image}\nRUN exit 5`) } },
    says: /posts is not rolled out\. .*Rolled back: 1 old goes on as before\./,
  }),
  'a migration that fails': () => ({
    override: { [`migrate-${SERVICE}`]: { command: ['node', '--eval', 'process.exit(4)'] } },
    says: /posts is not rolled out\. .*Rolled back: 1 old goes on as before\./,
  }),
  'Ctrl-C while the new version starts': (image) => ({
    override: built(image, 'setInterval(() => undefined, 1000)'),
    interruptAt: /1 new beside 1 old/,
    says: /posts is not rolled out\. Rolled back: 1 old goes on as before\./,
    code: 130,
  }),
};

/**
 * What goes wrong with a new version is said, and costs no request: the old one goes on.
 *
 * @param {import('./stack.ts').Stack} stack
 */
export async function rollbacks(stack) {
  const folder = mkdtempSync(join(tmpdir(), 'rollbacks-'));
  const { image = '' } = (await stack.services())[SERVICE] ?? {};
  const load = await Load.prepare(stack.gateway, stack.query);
  try {
    load.start();
    for (const [what, of] of Object.entries(CASES)) {
      const file = join(folder, 'docker-compose.broken.json');
      const { override, ...expected } = of(image);
      writeFileSync(file, JSON.stringify({ services: override }).replace('"build":', '"build": !override '));
      await timed(`${what}: rolled back`, () => isRefused(stack, image, file, expected));
    }
    await load.stop();
    console.log(load.report());
    await explain(stack, load.failed);
    assert.equal(load.failed.length, 0, 'requests failed');
    assert.deepEqual(await load.wrongWrites(), []);
  } finally {
    await load.close();
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} image @param {string} program  what runs instead of the service */
function built(image, program) {
  const build = buildOf(`FROM ${image}\nCMD ${JSON.stringify(['node', '--eval', program])}`);
  return { [SERVICE]: { build, healthcheck: { interval: '1s', start_period: '1s' } } };
}

/** @param {string} dockerfile */
function buildOf(dockerfile) {
  return { context: '.', dockerfile_inline: dockerfile };
}

/**
 * @param {import('./stack.ts').Stack} stack
 * @param {string} image
 * @param {string} override  a compose file
 * @param {Omit<Case, 'override'>} expected
 */
async function isRefused(stack, image, override, { says, code = 1, interruptAt }) {
  const before = await stack.containers(SERVICE);
  const { exitCode, output } = await rollOut(`docker-compose.yml:${override}`, interruptAt);
  assert.match(output, says);
  assert.equal(exitCode, code, output);
  const after = await stack.containers(SERVICE);
  assert.deepEqual(
    after.map(({ id, health }) => [id, health]),
    before.map(({ id }) => [id, 'healthy']),
    output,
  );
  const tagged = await stack.docker('inspect', '--format', '{{.Id}}', image);
  assert.equal(tagged, before[0]?.image, 'the next start would take the version that failed');
}

/** @param {string} files  of compose @param {RegExp} [interruptAt]  what it says when Ctrl-C comes */
async function rollOut(files, interruptAt) {
  const rollout = spawn('npm', ['run', '--silent', 'rollout', '--', SERVICE], {
    detached: true,
    env: { ...process.env, COMPOSE_FILE: files },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [rollout.stdout, rollout.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
      if (!interruptAt?.test(output)) return;
      interruptAt = undefined;
      process.kill(-(/** @type {number} */ (rollout.pid)), 'SIGINT');
    });
  const [code, signal] = await once(rollout, 'close');
  return { exitCode: code ?? 128 + constants.signals[/** @type {NodeJS.Signals} */ (signal)], output };
}
