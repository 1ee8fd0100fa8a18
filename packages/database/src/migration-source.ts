/** The line width of the formatter, so that a migration passes the format check. */
const LINE_WIDTH = 110;

export function migrationSource(name: string, timestamp: number, up: string[], down: string[]): string {
  const className =
    name.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase()) + timestamp;
  return `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${className} implements MigrationInterface {
  name = '${className}';

  async up(queryRunner: QueryRunner): Promise<void> {
${statements(up)}
  }

  async down(queryRunner: QueryRunner): Promise<void> {
${statements([...down].reverse())}
  }
}
`;
}

function statements(queries: string[]): string {
  return queries.map(statement).join('\n');
}

function statement(query: string): string {
  const literal = `\`${query.replace(/[`\\]|\$\{/g, '\\$&')}\``;
  const line = `    await queryRunner.query(${literal});`;
  const fits = line.length <= LINE_WIDTH && !query.includes('\n');
  return fits ? line : `    await queryRunner.query(\n      ${literal},\n    );`;
}
