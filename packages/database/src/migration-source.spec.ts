import { describe, expect, it } from '@jest/globals';
import { migrationSource } from './migration-source.js';

describe('migrationSource', () => {
  it('names the class after the file, and ends in the timestamp that orders migrations', () => {
    const source = migrationSource('add-user-avatar2', 1_700_000_000_000, [], []);

    expect(source).toContain('export class AddUserAvatar21700000000000 implements MigrationInterface');
    expect(source).toContain("name = 'AddUserAvatar21700000000000';");
  });

  it('goes up in order, and down in the opposite one', () => {
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

  it('keeps SQL as it is, whatever it contains', () => {
    const sql = "COMMENT ON TABLE x IS '`a` ${b} \\n'";
    const source = migrationSource('x', 1, [sql], []);

    const [, literal] = /query\((`.*`)\)/.exec(source)!;
    expect(new Function(`return ${literal}`)()).toBe(sql);
  });
});
