import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RenameAttempts1795966000000 implements MigrationInterface {
  name = 'RenameAttempts1795966000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "jobs"."tasks" RENAME COLUMN "tries" TO "attempts"`);
    await queryRunner.query(`ALTER TABLE "jobs"."tasks" RENAME COLUMN "function" TO "job"`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "jobs"."tasks" RENAME COLUMN "job" TO "function"`);
    await queryRunner.query(`ALTER TABLE "jobs"."tasks" RENAME COLUMN "attempts" TO "tries"`);
  }
}
