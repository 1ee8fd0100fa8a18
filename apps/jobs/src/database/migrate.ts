import 'reflect-metadata';
import { join } from 'node:path';
import { app, defineConfig, migrations, postgres, secret } from '@repo/config';
import { migrate } from '@repo/database';
import { schema } from './data-source.js';

const settings = defineConfig({
  ...app(),
  ...postgres('jobs'),
  ...migrations('jobs'),
  WORKER_POSTGRES_PASSWORD: secret({
    default: 'postgres',
    desc: 'Password of the role of the worker, which works in this schema',
  }),
});

process.exitCode = await migrate(process.argv.slice(2), {
  settings,
  schema,
  sourceFolder: join(import.meta.dirname, '../../../src/database/migrations'),
  otherMembers: [{ name: 'worker', password: settings.WORKER_POSTGRES_PASSWORD }],
});
