// @ts-check
import { join } from 'node:path';
import { SCHEMA_OWNERS } from '../servers/rights.mjs';
import { startTestServers } from '../testing/test-servers.mjs';
import { DATABASE } from './postgres.mjs';
import { run } from './run.mjs';

/**
 * @typedef {object} Check
 * @property {string} title
 * @property {string} script  of package.json
 * @property {string} otherwise
 * @property {boolean} [needsCode]  works on what was compiled
 */

/** What can be said of the code without running it. @type {Check[]} */
export const CHECKS = [
  { title: 'Lint', script: 'lint', otherwise: 'the linter objects' },
  { title: 'Format', script: 'format:check', otherwise: 'run `npm run format`' },
  { title: 'Architecture', script: 'arch', otherwise: 'something imports what it must not' },
  {
    title: 'API document',
    script: 'openapi -- --check',
    otherwise: 'run `npm run openapi`',
    needsCode: true,
  },
];

/**
 * @param {Check} check
 * @param {{ root: string, signal: AbortSignal }} options
 */
export async function runCheck({ script, otherwise }, { root, signal }) {
  await run('npm', ['run', '--silent', ...script.split(' ')], { cwd: root, signal, otherwise });
}

/**
 * Migrates an empty database and asks each service whether its entities want anything that no migration does.
 *
 * @param {{ root: string, signal: AbortSignal }} options
 */
export async function checkDrift({ root, signal }) {
  const servers = await startTestServers();
  try {
    const env = { ...process.env, ...servers.env, LOG_LEVEL: 'info', POSTGRES_DB: DATABASE };
    const migrate = async (/** @type {string} */ service, /** @type {string} */ command) => {
      const args = [join(root, 'apps', service, 'dist/src/database/migrate.js'), command];
      await run(process.execPath, args, { env, signal, otherwise: `${service}: migrate ${command} failed` });
    };
    await Promise.all(
      SCHEMA_OWNERS.map(async (service) => {
        await migrate(service, 'up');
        await migrate(service, 'check');
      }),
    );
  } finally {
    await servers.stop();
  }
}
