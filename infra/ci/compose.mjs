// @ts-check
// The compose stack from nothing: build, start, the tour of the README, the journeys, removal.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const port = await freePort();
const gateway = `http://localhost:${port}`;
const env = {
  ...process.env,
  GATEWAY_PORT: String(port),
  GATEWAY_URL: gateway,
  COMPOSE_PROJECT_NAME: `ci-${process.pid}`,
};

try {
  step('docker', ['compose', 'build', '--quiet'], 12);
  step('docker', ['compose', 'up', '--detach', '--wait', '--wait-timeout', '180'], 5);
  step('docker', ['compose', 'ps', '--all', '--format', 'table {{.Service}}\t{{.Status}}'], 1);
  step('docker', ['stats', '--no-stream', '--format', 'table {{.Name}}\t{{.MemUsage}}'], 1);
  step(process.execPath, ['infra/ci/readme.mjs', 'tour'], 2);
  step('npx', ['-y', pnpm(), '--filter', '@repo/e2e', 'test'], 6);
} catch (error) {
  console.log(/** @type {Error} */ (error).message);
  run('docker', ['compose', 'ps', '--all'], 1);
  run('docker', ['compose', 'logs', '--tail', '30'], 1);
  process.exitCode = 1;
} finally {
  run('docker', ['compose', 'down', '--volumes', '--remove-orphans', '--timeout', '20'], 3);
}

/** @param {string} program @param {string[]} args @param {number} minutes */
function step(program, args, minutes) {
  const startedAt = Date.now();
  const status = run(program, args, minutes);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed after ${seconds} s`);
  console.log(`${program} ${args.join(' ')}: ${seconds} s`);
}

/** @param {string} program @param {string[]} args @param {number} minutes */
function run(program, args, minutes) {
  return spawnSync(program, args, { cwd: root, env, stdio: 'inherit', timeout: minutes * 60_000 }).status;
}

function pnpm() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port: free } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(free));
    });
  });
}
