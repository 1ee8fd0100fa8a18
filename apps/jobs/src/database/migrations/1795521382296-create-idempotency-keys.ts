import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateIdempotencyKeys1795521382296 implements MigrationInterface {
  name = 'CreateIdempotencyKeys1795521382296';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "jobs"."idempotency_keys" ("id" character varying(43) NOT NULL, "fingerprint" character varying(43) NOT NULL, "answer" text NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_8ad20779ad0411107a56e53d0f6" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_5e72f040fdc5efc8eef52a388c" ON "jobs"."idempotency_keys"  ("created_at") `,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "jobs"."IDX_5e72f040fdc5efc8eef52a388c"`);
    await queryRunner.query(`DROP TABLE "jobs"."idempotency_keys"`);
  }
}
