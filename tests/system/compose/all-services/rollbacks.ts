import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { step } from '../../../../tools/lib/progress.ts';
import type { Stack } from '../stack.ts';
import { noneFailed } from './gateway-log.ts';
import { underLoad } from './load.ts';

const UNHEALTHY_SERVER = `
  const server = () => require('node:http').createServer((request, response) => response.writeHead(500).end());
  for (const port of [process.env.PORT, process.env.INTERNAL_PORT]) server().listen(port, '0.0.0.0');`;

interface Case {
  /** Services of a compose file over docker-compose.yml. */
  override: string;
  /** A pattern of the reason in the message. */
  reason?: string;
  /** Ctrl-C when the output matches. */
  interruptAt?: RegExp;
}

const casesOf = (image: string): Record<string, Case> => ({
  'the new version exits': {
    override: programOf(image, 'process.exit(3)'),
    reason: '\\S+ ended and was started again\\.',
  },
  'the new version of a registry exits': {
    override: `posts: { build: !reset null, command: [node, --eval, process.exit(3)] }`,
    reason: '\\S+ ended and was started again\\.',
  },
  'the new version does not get healthy': {
    override: programOf(image, UNHEALTHY_SERVER),
    reason: '\\S+ is unhealthy\\.',
  },
  'the build fails': {
    override: `posts: { ${buildOf(`FROM ${image}\nRUN exit 5`)} }`,
    reason: '.*',
  },
  'a migration fails': {
    override: 'migrate-posts: { command: [node, --eval, process.exit(4)] }',
    reason: '.*',
  },
  'Ctrl-C while the new version starts': {
    override: programOf(image, 'setInterval(() => undefined, 1000)'),
    interruptAt: /1 new beside 1 old/,
  },
});

/** A rollout that fails says why, leaves the old container running, and costs no request. */
export async function rollbacks(stack: Stack): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rollbacks-'));
  const file = join(folder, 'docker-compose.broken.yml');
  const image = await stack.imageOf('posts');
  const samples = await underLoad(stack, async () => {
    for (const [what, { override, ...expected }] of Object.entries(casesOf(image))) {
      writeFileSync(file, `services: { ${override} }`);
      await step(`${what}: rolled back`, () => isRolledBack(stack, image, file, expected));
    }
  }).finally(() => rmSync(folder, { recursive: true }));
  await noneFailed(stack, samples);
}

/** A version of posts that runs another program. */
function programOf(image: string, program: string): string {
  const build = buildOf(`FROM ${image}\nCMD ${JSON.stringify(['node', '--eval', program])}`);
  return `posts: { ${build}, healthcheck: { interval: 1s, start_period: 1s } }`;
}

function buildOf(dockerfile: string): string {
  return `build: !override { context: ., dockerfile_inline: ${JSON.stringify(dockerfile)} }`;
}

async function isRolledBack(
  stack: Stack,
  image: string,
  override: string,
  { reason = '', interruptAt }: Omit<Case, 'override'>,
): Promise<void> {
  const before = await stack.containers('posts');
  const { exitCode, output } = await rollOut(`docker-compose.yml:${override}`, interruptAt);
  assert.match(output, new RegExp(`posts is not rolled out\\. ${reason} ?Rolled back: 1 old still run\\.`));
  assert.equal(exitCode, interruptAt ? 130 : 1, output);
  const after = await stack.containers('posts');
  assert.deepEqual(
    after.map(({ id, health }) => [id, health]),
    before.map(({ id }) => [id, 'healthy']),
    output,
  );
  const tagged = await stack.docker('inspect', '--format', '{{.Id}}', image);
  assert.equal(tagged, before[0]?.image, 'the next start would use the version that failed');
}

async function rollOut(composeFiles: string, interruptAt?: RegExp) {
  const env = { ...process.env, COMPOSE_FILE: composeFiles };
  const command = ['run', '--silent', 'rollout', '--', 'posts'];
  const rollout = spawn('npm', command, { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let interrupted = false;
  for (const stream of [rollout.stdout, rollout.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      if (interrupted || !rollout.pid || !interruptAt?.test(output)) return;
      interrupted = true;
      process.kill(-rollout.pid, 'SIGINT');
    });
  const [code, signal] = (await once(rollout, 'close')) as [number | null, NodeJS.Signals | null];
  return { exitCode: code ?? 128 + constants.signals[signal ?? 'SIGKILL'], output };
}
