import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes for lists that are sorted by time. Writes to the tables wait while the indexes are built. */
export class IndexListsByTime1795521000000 implements MigrationInterface {
  name = 'IndexListsByTime1795521000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX "ix_users_created_live" ON "users"."users"  ("created_at", "id") WHERE deleted_at IS NULL`,
    );
    await queryRunner.query(`CREATE INDEX "ix_tiers_created" ON "users"."tiers"  ("created_at", "id") `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "users"."ix_tiers_created"`);
    await queryRunner.query(`DROP INDEX "users"."ix_users_created_live"`);
  }
}
