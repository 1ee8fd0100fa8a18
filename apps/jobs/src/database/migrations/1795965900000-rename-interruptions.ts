import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RenameInterruptions1795965900000 implements MigrationInterface {
  name = 'RenameInterruptions1795965900000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "jobs"."tasks" RENAME COLUMN "handed_back" TO "interruptions"`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "jobs"."tasks" RENAME COLUMN "interruptions" TO "handed_back"`);
  }
}
