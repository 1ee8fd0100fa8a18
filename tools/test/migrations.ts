// Runs the migrations of each service up, down and up again, and compares their tables with the entities.
import { join } from 'node:path';
import { SCHEMA_OWNERS } from '../../infra/services.ts';
import { runMain } from '../lib/main.ts';
import { ROOT } from '../lib/root.ts';
import { run } from '../lib/run.ts';
import { startTestServers } from './test-servers.ts';

await runMain(async () => {
  const servers = await startTestServers();
  const options = { cwd: ROOT, env: { ...process.env, ...servers.env } };
  const migrate = async (service: string) => {
    const script = join('apps', service, 'dist/src/database/migrate.js');
    for (const command of ['up', 'check', 'down', 'up'])
      await run(process.execPath, [script, command], {
        ...options,
        message: `\`migrate ${command}\` of ${service} failed: see above.`,
      });
  };
  try {
    await Promise.all(SCHEMA_OWNERS.map(migrate));
  } finally {
    await servers.stop();
  }
});
