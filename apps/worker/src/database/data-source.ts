import { dataSourceOptions, type PostgresSettings } from '@repo/database';
import { messagingEntities } from '@repo/messaging';
import { Task } from '../tasks/task.entity.js';

/** The jobs service owns the schema and its migrations; this process works in its tables. */
export const dataSource = (settings: PostgresSettings) =>
  dataSourceOptions(settings, {
    schema: 'jobs',
    entities: [Task, ...messagingEntities],
  });
