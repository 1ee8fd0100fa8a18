import { join } from 'node:path';
import { dataSourceOptions, type PostgresSettings, type SchemaOptions } from '@repo/database';
import { messagingEntities } from '@repo/messaging';
import { IdempotencyKey } from '@repo/service/idempotency';
import { Task } from '../tasks/task.entity.js';

export const schema: SchemaOptions = {
  schema: 'jobs',
  entities: [Task, IdempotencyKey, ...messagingEntities],
  migrationsFolder: join(import.meta.dirname, 'migrations'),
};

/** TypeORM's options for the application and its commands. */
export const dataSource = (settings: PostgresSettings) => dataSourceOptions(settings, schema);
