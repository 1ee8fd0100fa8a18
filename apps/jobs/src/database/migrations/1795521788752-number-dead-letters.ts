import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NumberDeadLetters1795521788752 implements MigrationInterface {
  name = 'NumberDeadLetters1795521788752';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "jobs"."dead_letters" DROP CONSTRAINT "PK_18b2b487b4b3f5df1c6cc7acfd7"`,
    );
    await queryRunner.query(
      `ALTER TABLE "jobs"."dead_letters" ADD "id" integer GENERATED ALWAYS AS IDENTITY NOT NULL`,
    );
    await queryRunner.query(
      `ALTER TABLE "jobs"."dead_letters" ADD CONSTRAINT "PK_084e63809483fb0a9c48aae607f" PRIMARY KEY ("id")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "uq_dead_letters" ON "jobs"."dead_letters"  ("consumer", "event_id") `,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "jobs"."uq_dead_letters"`);
    await queryRunner.query(
      `ALTER TABLE "jobs"."dead_letters" DROP CONSTRAINT "PK_084e63809483fb0a9c48aae607f"`,
    );
    await queryRunner.query(`ALTER TABLE "jobs"."dead_letters" DROP COLUMN "id"`);
    await queryRunner.query(
      `ALTER TABLE "jobs"."dead_letters" ADD CONSTRAINT "PK_18b2b487b4b3f5df1c6cc7acfd7" PRIMARY KEY ("consumer", "event_id")`,
    );
  }
}
