import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { Database, type PostgresSettings } from '@repo/runtime/database';
import { dataSource as options } from '../database/data-source.js';

/** Runs an operator's command with the service's tables; a failure prints its reason and exits with 1. */
export async function runCommand(
  settings: PostgresSettings,
  work: (database: Database) => Promise<string>,
): Promise<void> {
  const dataSource = new DataSource(options(settings));
  try {
    await dataSource.initialize();
    console.log(await work(new Database(dataSource)));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}
