// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresHomes } from '../../tools/servers/postgres.ts';
import { startStack } from '../../tools/stack/stack.ts';

const root = join(import.meta.dirname, '../..');

/** Of the environment only what programs need: settings of somebody's shell would make this another system. */
const { PATH, HOME, TMPDIR } = process.env;

/**
 * Jest's globalSetup: the whole system, new and empty, on ports of its own. With GATEWAY_URL the system behind that
 * is used, which should be as new (calls without a token share one small quota), and nothing is started.
 */
export default async function setup() {
  if (process.env.GATEWAY_URL) return;
  const dir = mkdtempSync(join(tmpdir(), 'journeys-'));
  const removeDirs = [dir, postgresHomes(dir).outside];
  try {
    const stack = await startStack({
      root,
      dir,
      removeDirs,
      base: { PATH, HOME, ...(TMPDIR && { TMPDIR }) },
      gatewayPort: 0,
      durable: false,
      env: { ENVIRONMENT: 'local', LOG_LEVEL: 'warn' },
      say: console.log,
    });
    process.env.GATEWAY_URL = stack.gatewayUrl;
    // The journeys that end a process find its number there.
    process.env.STACK_DIR = dir;
    /** @type {any} */ (globalThis).__stopStack = async () => {
      await stack.stop();
      for (const path of removeDirs) rmSync(path, { recursive: true, force: true });
    };
  } catch (error) {
    for (const path of removeDirs) rmSync(path, { recursive: true, force: true });
    throw error;
  }
}
