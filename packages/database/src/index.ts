export * from './columns.js';
export { runCommand } from './command.js';
export {
  dataSourceOptions,
  type PostgresOptions,
  type PostgresSettings,
  type SchemaOptions,
} from './data-source-options.js';
export * from './database-errors.js';
export * from './database.module.js';
export type { ListOptions } from './list.js';
export { explainError } from './explain-error.js';
export type { EventHeader, EventPublisher } from './event-publisher.js';
export { runMigrateCommand } from './migrate.js';
export * from './page.js';
export * from './prune.js';
export type { ColumnsOf, ReadOptions, Row } from './read.js';
export * from './table.js';
export * from './transaction.js';
export type { ColumnOf, Where } from './where.js';
export type { SqlOf } from './write.js';
