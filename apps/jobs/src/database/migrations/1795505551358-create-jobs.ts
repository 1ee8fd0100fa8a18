import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateJobs1795505551358 implements MigrationInterface {
  name = 'CreateJobs1795505551358';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "jobs"."dead_letters" ("consumer" character varying(32) NOT NULL, "event_id" character varying(64) NOT NULL, "event" character varying(64) NOT NULL, "envelope" text NOT NULL, "attempts" integer NOT NULL, "error" text NOT NULL, "failed_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_18b2b487b4b3f5df1c6cc7acfd7" PRIMARY KEY ("consumer", "event_id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "jobs"."inbox" ("event_id" character varying(64) NOT NULL, "consumer" character varying(32) NOT NULL, "received_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_625a303addbbe1f30d3f65ed7fe" PRIMARY KEY ("event_id", "consumer"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_d615159a2c510718ea70b154c9" ON "jobs"."inbox"  ("received_at") `,
    );
    await queryRunner.query(
      `CREATE TABLE "jobs"."outbox" ("seq" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "id" uuid NOT NULL, "event" character varying(64) NOT NULL, "aggregate_id" character varying(64) NOT NULL, "envelope" text NOT NULL, "attempts" integer NOT NULL DEFAULT '0', "last_error" text, "next_attempt_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_acf0725c6a7245b71c651964ee4" PRIMARY KEY ("seq"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_426c3546dc7196f7e22f0a8e6c" ON "jobs"."outbox"  ("aggregate_id", "seq") `,
    );
    await queryRunner.query(
      `CREATE TABLE "jobs"."tasks" ("id" uuid NOT NULL, "function" text NOT NULL, "message" text NOT NULL, "created_by_user_id" integer, "status" text NOT NULL DEFAULT 'queued', "tries" integer NOT NULL DEFAULT '0', "enqueued_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "started_at" TIMESTAMP(3) WITH TIME ZONE, "finished_at" TIMESTAMP(3) WITH TIME ZONE, "result" text, "error" text, "dispatch_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_8d12ff38fcc62aaba2cab748772" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "ix_tasks_dispatch" ON "jobs"."tasks"  ("dispatch_at") WHERE status IN ('queued', 'active')`,
    );
    await queryRunner.query(`CREATE INDEX "ix_tasks_user" ON "jobs"."tasks"  ("created_by_user_id", "id") `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "jobs"."ix_tasks_user"`);
    await queryRunner.query(`DROP INDEX "jobs"."ix_tasks_dispatch"`);
    await queryRunner.query(`DROP TABLE "jobs"."tasks"`);
    await queryRunner.query(`DROP INDEX "jobs"."IDX_426c3546dc7196f7e22f0a8e6c"`);
    await queryRunner.query(`DROP TABLE "jobs"."outbox"`);
    await queryRunner.query(`DROP INDEX "jobs"."IDX_d615159a2c510718ea70b154c9"`);
    await queryRunner.query(`DROP TABLE "jobs"."inbox"`);
    await queryRunner.query(`DROP TABLE "jobs"."dead_letters"`);
  }
}
