import { join } from 'node:path';
import { dataSourceOptions, type PostgresSettings, type SchemaOptions } from '@repo/database';
import { messagingEntities } from '@repo/messaging';
import { SigningKey } from '../signing-keys/signing-key.entity.js';
import { StoredRevocation } from '../revocations/revocation.entity.js';
import { RefreshToken } from '../sessions/refresh-token.entity.js';
import { Session } from '../sessions/session.entity.js';

export const schema: SchemaOptions = {
  schema: 'auth',
  entities: [Session, RefreshToken, StoredRevocation, SigningKey, ...messagingEntities],
  migrationsFolder: join(import.meta.dirname, 'migrations'),
};

/** The tables of this service, for the application and its commands. */
export const dataSource = (settings: PostgresSettings) => dataSourceOptions(settings, schema);
