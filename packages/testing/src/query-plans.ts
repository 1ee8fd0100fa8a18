import { DataSource } from 'typeorm';
import type { TestApp } from './test-app.js';

/**
 * The plans of the statements on a table that `work` executes, for tests that a list uses its index. Run `ANALYZE` first.
 *
 * @param table with its schema: `posts.posts`
 */
export async function plansOf(
  { nest, database }: Pick<TestApp, 'nest' | 'database'>,
  table: string,
  work: () => Promise<unknown>,
): Promise<string[]> {
  const dataSource = nest.get(DataSource);
  const before = dataSource.logger;
  const statements: [sql: string, parameters: unknown[]][] = [];
  const recorder = { logQuery: (sql: string, parameters: unknown[]) => statements.push([sql, parameters]) };
  dataSource.logger = Object.assign(Object.create(before) as typeof before, recorder);
  try {
    await work();
  } finally {
    dataSource.logger = before;
  }
  const name = `"${table.replace('.', '"."')}"`;
  return Promise.all(
    statements
      .filter(([sql]) => sql.includes(name))
      .map(async ([sql, parameters]) => {
        const lines = await database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, parameters);
        return lines.map((line) => line['QUERY PLAN']).join('\n');
      }),
  );
}
