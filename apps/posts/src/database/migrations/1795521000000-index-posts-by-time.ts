import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An index for lists that are sorted by time. Writes to the table wait while the index is built. */
export class IndexPostsByTime1795521000000 implements MigrationInterface {
  name = 'IndexPostsByTime1795521000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX "ix_posts_author_created_live" ON "posts"."posts"  ("created_by_user_id", "created_at", "id") WHERE deleted_at IS NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "posts"."ix_posts_author_created_live"`);
  }
}
