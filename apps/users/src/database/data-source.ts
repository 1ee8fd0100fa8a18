import { join } from 'node:path';
import { dataSourceOptions, type PostgresSettings, type SchemaOptions } from '@repo/database';
import { messagingEntities } from '@repo/messaging';
import { IdempotencyKey } from '@repo/service/idempotency';
import { RateLimit } from '../rate-limits/rate-limit.entity.js';
import { Tier } from '../tiers/tier.entity.js';
import { User } from '../users/user.entity.js';

export const schema: SchemaOptions = {
  schema: 'users',
  entities: [User, Tier, RateLimit, IdempotencyKey, ...messagingEntities],
  migrationsFolder: join(import.meta.dirname, 'migrations'),
};

/** The tables of this service, for the application and its commands. */
export const dataSource = (settings: PostgresSettings) => dataSourceOptions(settings, schema);
