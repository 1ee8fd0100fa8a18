import type { MigrationInterface, QueryRunner } from 'typeorm';

export class GeneralizeTasks1795524257000 implements MigrationInterface {
  name = 'GeneralizeTasks1795524257000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "jobs"."tasks" ADD "payload" jsonb, ADD "priority" text NOT NULL DEFAULT 'normal', ADD "unique_key" text, ADD "failures" integer NOT NULL DEFAULT '0', ADD "handed_back" integer NOT NULL DEFAULT '0', ADD "progress" integer NOT NULL DEFAULT '0', ADD "run_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now()`,
    );
    await queryRunner.query(
      `UPDATE "jobs"."tasks" SET "payload" = jsonb_build_object('message', "message"), "run_at" = "enqueued_at", "progress" = CASE WHEN "status" = 'completed' THEN 100 ELSE 0 END`,
    );
    await queryRunner.query(
      `ALTER TABLE "jobs"."tasks" ALTER COLUMN "payload" SET NOT NULL, DROP COLUMN "message"`,
    );
    await queryRunner.query(
      `CREATE INDEX "ix_tasks_finished" ON "jobs"."tasks"  ("finished_at") WHERE finished_at IS NOT NULL`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "ux_tasks_unique_key" ON "jobs"."tasks"  ("function", "unique_key") WHERE unique_key IS NOT NULL AND status IN ('queued', 'active')`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "jobs"."ux_tasks_unique_key"`);
    await queryRunner.query(`DROP INDEX "jobs"."ix_tasks_finished"`);
    await queryRunner.query(`ALTER TABLE "jobs"."tasks" ADD "message" text`);
    await queryRunner.query(
      `UPDATE "jobs"."tasks" SET "message" = coalesce("payload" ->> 'message', "payload"::text)`,
    );
    await queryRunner.query(
      `ALTER TABLE "jobs"."tasks" ALTER COLUMN "message" SET NOT NULL, DROP COLUMN "run_at", DROP COLUMN "progress", DROP COLUMN "handed_back", DROP COLUMN "failures", DROP COLUMN "unique_key", DROP COLUMN "priority", DROP COLUMN "payload"`,
    );
  }
}
