import { dataSourceOptions, type PostgresSettings } from '@repo/database';
import { messagingEntities } from '@repo/messaging';
import { Task } from '../tasks/task.entity.js';

/** Tables of the schema `jobs`, which the service jobs owns and migrates. */
export const dataSource = (settings: PostgresSettings) =>
  dataSourceOptions(settings, {
    schema: 'jobs',
    entities: [Task, ...messagingEntities],
  });
