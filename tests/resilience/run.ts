// @ts-check
// npm run faults: real faults against real stacks. npm run faults -- half-done: one row. See docs/reliability.md.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../tools/lib/failure.ts';
import { choosePorts } from '../../tools/lib/ports.ts';
import { postgresHomes } from '../../tools/servers/postgres.ts';
import { SERVER_SPECS } from '../../tools/servers/servers.ts';
import { startStack } from '../../tools/stack/stack.ts';
import { compile, install, isInstalled } from '../../tools/lib/toolchain.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
/** Where the logs of a row stay that broke its promise. */
const KEPT_LOGS = join(root, '.local/faults');

/** Of the environment only what programs need: settings of somebody's shell would make this another system. */
const { PATH, HOME, TMPDIR } = process.env;
const BASE = { PATH, HOME, ...(TMPDIR && { TMPDIR }) };

try {
  if (!isInstalled(root)) await install(root);
  await compile(root);
  const { main } = await import('../dist/resilience/main.js');
  process.exitCode = await main(process.argv.slice(2), { prepare, table: join(root, 'docs/reliability.md') });
} catch (error) {
  if (error instanceof Failure && error.details) console.error(error.details);
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
}
process.exit();

/** A place for one stack, with the ports of its servers, which proxies have to know before it starts. */
async function prepare() {
  const dir = mkdtempSync(join(tmpdir(), 'faults-'));
  const removeDirs = [dir, postgresHomes(dir).outside];
  const ports = await choosePorts(Object.keys(SERVER_SPECS), join(dir, 'ports.json'));
  return {
    dir,
    ports,
    /** @param {Pick<import('../../tools/stack/stack.ts').StackOptions, 'replicas' | 'env' | 'appEnv'>} options */
    start: ({ env, ...options }) =>
      startStack({
        ...options,
        ...{ root, dir, removeDirs, base: BASE, gatewayPort: 0 },
        env: { ENVIRONMENT: 'local', LOG_LEVEL: 'info', ...env },
        say: (sentence) => console.log(`    ${sentence}`),
      }),
    /** @param {string} name */
    keepLogs: (name) => {
      const kept = join(KEPT_LOGS, name);
      rmSync(kept, { recursive: true, force: true });
      cpSync(join(dir, 'logs'), kept, { recursive: true });
      return kept;
    },
    remove: () => {
      for (const path of removeDirs) rmSync(path, { recursive: true, force: true });
    },
  };
}
