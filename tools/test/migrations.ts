import { join } from 'node:path';
import { SCHEMA_OWNERS } from '../../infra/services.ts';
import { script } from './checks.ts';
import { startTestServers } from './test-servers.ts';

/** Runs the migrations of each service up, down and up again, and compares their tables with the entities. */
export async function checkMigrations(signal: AbortSignal): Promise<void> {
  const servers = await startTestServers();
  try {
    const env = { ...process.env, ...servers.env };
    const migrate = async (service: string) => {
      for (const command of ['up', 'check', 'down', 'up'])
        await script(join('apps', service, 'dist/src/database/migrate.js'), [command], { signal, env });
    };
    await Promise.all(SCHEMA_OWNERS.map(migrate));
  } finally {
    await servers.stop();
  }
}
