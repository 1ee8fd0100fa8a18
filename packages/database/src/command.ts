import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { PostgresOptions } from './data-source-options.js';
import { asUnavailable } from './database-errors.js';
import { Database } from './transaction.js';

/** Longest that a command waits for a Postgres that cannot be reached yet, and that one attempt may take. */
const PATIENCE_MS = 60_000;
export const COMMAND_CONNECT_MS = 10_000;
const BETWEEN_ATTEMPTS_MS = 500;

/** Repeats `connect` while Postgres starts or is too busy to answer; any other failure is thrown at once. */
export async function patiently<T>(connect: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if (!asUnavailable(error) || performance.now() > deadline) throw error;
    }
    await pause(BETWEEN_ATTEMPTS_MS);
  }
}

/** Opens the tables for a command, which may wait for its connection longer than a request may. */
export function openForCommand(options: PostgresOptions): Promise<DataSource> {
  return patiently(() => new DataSource({ ...options, connectTimeoutMS: COMMAND_CONNECT_MS }).initialize());
}

/** Runs an operator's command with the service's tables; a failure prints its reason and exits with 1. */
export async function runCommand(
  options: PostgresOptions,
  work: (database: Database) => Promise<string>,
): Promise<void> {
  try {
    const dataSource = await openForCommand(options);
    try {
      console.log(await work(new Database(dataSource)));
    } finally {
      await dataSource.destroy();
    }
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
