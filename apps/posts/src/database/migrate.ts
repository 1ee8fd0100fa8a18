import 'reflect-metadata';
import { runMigrateCommand } from '@repo/database';
import { schema } from './data-source.js';

await runMigrateCommand(schema);
