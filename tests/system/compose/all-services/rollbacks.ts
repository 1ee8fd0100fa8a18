import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { printFailures } from './gateway-log.ts';
import { Load } from './load.ts';
import { type Stack, timed } from '../stack.ts';

const SERVICE = 'posts';
const UNHEALTHY_SERVER = `
  const server = () => require('node:http').createServer((request, response) => response.writeHead(500).end());
  for (const port of [process.env.PORT, process.env.INTERNAL_PORT]) server().listen(port, '0.0.0.0');`;

interface Case {
  /** Services of a compose file over docker-compose.yml. */
  override: object;
  says: RegExp;
  code?: number;
  /** Ctrl-C when the output matches. */
  interruptAt?: RegExp;
}

const ROLLED_BACK = 'Rolled back: 1 old still run\\.';

const CASES: Record<string, (image: string) => Case> = {
  'the new version exits': (image) => ({
    override: built(image, 'process.exit(3)'),
    says: RegExp(`posts is not rolled out\\. \\S+ ended with exit code 3\\. ${ROLLED_BACK}`),
  }),
  'the new version does not get healthy': (image) => ({
    override: built(image, UNHEALTHY_SERVER),
    says: RegExp(`posts is not rolled out\\. \\S+ is unhealthy\\. ${ROLLED_BACK}`),
  }),
  'the build fails': (image) => ({
    override: { [SERVICE]: { build: buildOf(`FROM ${image}\nRUN exit 5`) } },
    says: RegExp(`posts is not rolled out\\. .*${ROLLED_BACK}`),
  }),
  'a migration fails': () => ({
    override: { [`migrate-${SERVICE}`]: { command: ['node', '--eval', 'process.exit(4)'] } },
    says: RegExp(`posts is not rolled out\\. .*${ROLLED_BACK}`),
  }),
  'Ctrl-C while the new version starts': (image) => ({
    override: built(image, 'setInterval(() => undefined, 1000)'),
    interruptAt: /1 new beside 1 old/,
    says: RegExp(`posts is not rolled out\\. ${ROLLED_BACK}`),
    code: 130,
  }),
};

/** A rollout that fails says why, leaves the old container running, and costs no request. */
export async function rollbacks(stack: Stack): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rollbacks-'));
  const image = await stack.imageOf(SERVICE);
  const load = await Load.prepare(stack);
  try {
    load.start();
    for (const [what, caseOf] of Object.entries(CASES)) {
      const file = join(folder, 'docker-compose.broken.json');
      const { override, ...expected } = caseOf(image);
      writeFileSync(file, JSON.stringify({ services: override }).replace('"build":', '"build": !override '));
      await timed(`${what}: rolled back`, () => isRolledBack(stack, image, file, expected));
    }
    await load.stop();
    console.log(load.report());
    await printFailures(stack, load.failed);
    assert.equal(load.failed.length, 0, 'requests failed');
    assert.deepEqual(await load.wrongWrites(), []);
  } finally {
    await load.close();
    rmSync(folder, { recursive: true });
  }
}

/** A version of the service that runs another program. */
function built(image: string, program: string): object {
  const build = buildOf(`FROM ${image}\nCMD ${JSON.stringify(['node', '--eval', program])}`);
  return { [SERVICE]: { build, healthcheck: { interval: '1s', start_period: '1s' } } };
}

function buildOf(dockerfile: string): object {
  return { context: '.', dockerfile_inline: dockerfile };
}

async function isRolledBack(
  stack: Stack,
  image: string,
  override: string,
  { says, code = 1, interruptAt }: Omit<Case, 'override'>,
): Promise<void> {
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
  assert.equal(tagged, before[0]?.image, 'the next start would use the version that failed');
}

async function rollOut(composeFiles: string, interruptAt?: RegExp) {
  const rollout = spawn('npm', ['run', '--silent', 'rollout', '--', SERVICE], {
    detached: true,
    env: { ...process.env, COMPOSE_FILE: composeFiles },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
