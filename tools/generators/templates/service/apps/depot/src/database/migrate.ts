import 'reflect-metadata';
import { join } from 'node:path';
import { app, defineConfig, migrations, postgres } from '@repo/config';
import { migrate } from '@repo/database';
import { schema } from './data-source.js';

const settings = defineConfig({ ...app(), ...postgres('depot'), ...migrations('depot') });

process.exitCode = await migrate(process.argv.slice(2), {
  settings,
  schema,
  sourceFolder: join(import.meta.dirname, '../../../src/database/migrations'),
});
