import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { PostgresOptions } from './data-source-options.js';
import { asUnavailable } from './database-errors.js';
import { explainError } from './explain-error.js';
import { Database } from './transaction.js';

const RETRY_TIMEOUT_MS = 60_000;
export const CONNECT_TIMEOUT_MS = 10_000;
const RETRY_PAUSE_MS = 500;

/** Repeats `connect` while PostgreSQL is unavailable, until the deadline. Throws other errors immediately. */
export async function retryUntilDeadline<T>(
  connect: () => Promise<T>,
  timeoutMs = RETRY_TIMEOUT_MS,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if (!asUnavailable(error) || performance.now() > deadline) throw error;
    }
    await delay(RETRY_PAUSE_MS);
  }
}

/** Connects for a command, which waits longer for PostgreSQL than a request. */
export function openForCommand(options: PostgresOptions): Promise<DataSource> {
  return retryUntilDeadline(() =>
    new DataSource({ ...options, connectTimeoutMS: CONNECT_TIMEOUT_MS }).initialize(),
  );
}

/** Runs an operator's command and prints its result. An error is printed, and the exit code is 1. */
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
    console.error(explainError(error, options) ?? (error as Error).message);
    process.exitCode = 1;
  }
}
