import { AppError } from '@repo/core';
import type pg from 'pg';
import { type EntityManager, QueryFailedError } from 'typeorm';
import type { CircuitBreakerPool } from './circuit-breaker-pool.js';
import { resultOf, type Statement, type StatementResult } from './short-statements.js';

/**
 * Executes a statement in the transaction of the manager, or without one as a short statement.
 *
 * @throws QueryFailedError
 * @throws UnavailableError while PostgreSQL is unavailable
 */
export async function execute(manager: EntityManager, statement: Statement): Promise<StatementResult> {
  const { queryRunner } = manager;
  if (queryRunner) return executeOn((await queryRunner.connect()) as pg.Client, manager, statement);
  return logged(manager, statement, () => poolOf(manager).shortStatements.run(statement));
}

/** Executes a statement on a connection. It is sent before this function returns. @throws QueryFailedError */
export function executeOn(
  client: pg.Client,
  manager: EntityManager,
  statement: Statement,
): Promise<StatementResult> {
  return logged(manager, statement, async () => {
    const { shortStatements } = poolOf(manager);
    const query = shortStatements.queryOf(statement);
    try {
      return resultOf(await client.query(query));
    } catch (error) {
      shortStatements.forgetName(query, error);
      throw error;
    }
  });
}

/** Logs a statement as TypeORM does, and throws its errors. */
async function logged<T>(
  { dataSource: { logger } }: EntityManager,
  { text, values }: Statement,
  run: () => Promise<T>,
): Promise<T> {
  void logger.logQuery(text, values);
  try {
    return await run();
  } catch (error) {
    // The pool refuses: the circuit breaker is open.
    if (error instanceof AppError) throw error;
    void logger.logQueryError(error as Error, text, values);
    throw new QueryFailedError(text, values, error as Error);
  }
}

function poolOf({ dataSource }: EntityManager): CircuitBreakerPool {
  return (dataSource.driver as unknown as { master: CircuitBreakerPool }).master;
}
