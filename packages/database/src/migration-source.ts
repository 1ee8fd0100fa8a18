/** The source of a migration: class `VerbNoun<timestamp>` with plain SQL both ways. */
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
  return queries
    .map((query) => `    await queryRunner.query(\`${query.replace(/[`\\]|\$\{/g, '\\$&')}\`);`)
    .join('\n');
}
