import { describe, expect, it } from '@jest/globals';
import { migrationSource } from './migration-source.js';

describe('migrationSource', () => {
  it('names the class after the file, with the timestamp at the end', () => {
    const source = migrationSource('add-user-avatar2', 1_700_000_000_000, [], []);

    expect(source).toContain('export class AddUserAvatar21700000000000 implements MigrationInterface');
    expect(source).toContain("name = 'AddUserAvatar21700000000000';");
  });

  it('has the statements for up in order, and those for down in reverse order', () => {
    const source = migrationSource('x', 1, ['UP 1', 'UP 2'], ['UNDO 2', 'UNDO 1'].reverse());

    const statements = [...source.matchAll(/query\(`(.*)`\)/g)].map(([, sql]) => sql);
    expect(statements).toEqual(['UP 1', 'UP 2', 'UNDO 2', 'UNDO 1']);
  });

  it('breaks a statement that is longer than a line', () => {
    const long = `CREATE ${'x'.repeat(100)}`;
    const source = migrationSource('x', 1, ['CREATE x', long], []);

    expect(source).toContain('    await queryRunner.query(`CREATE x`);\n');
    expect(source).toContain(`    await queryRunner.query(\n      \`${long}\`,\n    );\n`);
  });

  it('keeps the SQL unchanged when it contains backticks or placeholders', () => {
    const sql = "COMMENT ON TABLE x IS '`a` ${b} \\n'";
    const source = migrationSource('x', 1, [sql], []);

    const [, literal] = /query\((`.*`)\)/.exec(source)!;
    expect(new Function(`return ${literal}`)()).toBe(sql);
  });
});
