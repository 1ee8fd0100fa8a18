import { join } from 'node:path';
import { dataSourceOptions, type PostgresSettings, type SchemaOptions } from '@repo/database';
import { messagingEntities } from '@repo/messaging';
import { IdempotencyKey } from '@repo/service/idempotency';
import { Author } from '../authors/author.entity.js';
import { Post } from '../posts/post.entity.js';

export const schema: SchemaOptions = {
  schema: 'posts',
  entities: [Post, Author, IdempotencyKey, ...messagingEntities],
  migrationsFolder: join(import.meta.dirname, 'migrations'),
};

/** The tables of this service, for the application and its commands. */
export const dataSource = (settings: PostgresSettings) => dataSourceOptions(settings, schema);
