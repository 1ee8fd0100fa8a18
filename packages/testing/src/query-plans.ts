import { DataSource } from 'typeorm';
import type { TestApp } from './test-app.js';

/**
 * How Postgres answers what the work asks of a table, a plan for each statement: for tests that hold a list to its
 * index. Run `ANALYZE` first.
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
  const asked: [sql: string, parameters: unknown[]][] = [];
  const listening = { logQuery: (sql: string, parameters: unknown[]) => asked.push([sql, parameters]) };
  dataSource.logger = Object.assign(Object.create(before) as typeof before, listening);
  try {
    await work();
  } finally {
    dataSource.logger = before;
  }
  const name = `"${table.replace('.', '"."')}"`;
  return Promise.all(
    asked
      .filter(([sql]) => sql.includes(name))
      .map(async ([sql, parameters]) => {
        const lines = await database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, parameters);
        return lines.map((line) => line['QUERY PLAN']).join('\n');
      }),
  );
}
