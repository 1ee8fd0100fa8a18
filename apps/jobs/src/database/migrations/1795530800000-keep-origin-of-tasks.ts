import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepOriginOfTasks1795530800000 implements MigrationInterface {
  name = 'KeepOriginOfTasks1795530800000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "jobs"."tasks" ADD "origin" jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "jobs"."tasks" DROP COLUMN "origin"`);
  }
}
