import { join } from 'node:path';
import { dataSourceOptions, type PostgresSettings, type SchemaOptions } from '@repo/database';
import { messagingEntities } from '@repo/messaging';
import { IdempotencyKey } from '@repo/service/idempotency';

export const schema: SchemaOptions = {
  schema: 'depot',
  entities: [IdempotencyKey, ...messagingEntities],
  migrationsFolder: join(import.meta.dirname, 'migrations'),
};

/** The data source of the application and of its commands. */
export const dataSource = (settings: PostgresSettings) => dataSourceOptions(settings, schema);
