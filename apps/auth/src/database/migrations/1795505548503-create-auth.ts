import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAuth1795505548503 implements MigrationInterface {
  name = 'CreateAuth1795505548503';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "auth"."dead_letters" ("consumer" character varying(32) NOT NULL, "event_id" character varying(64) NOT NULL, "event" character varying(64) NOT NULL, "envelope" text NOT NULL, "attempts" integer NOT NULL, "error" text NOT NULL, "failed_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_18b2b487b4b3f5df1c6cc7acfd7" PRIMARY KEY ("consumer", "event_id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "auth"."inbox" ("event_id" character varying(64) NOT NULL, "consumer" character varying(32) NOT NULL, "received_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_625a303addbbe1f30d3f65ed7fe" PRIMARY KEY ("event_id", "consumer"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_d615159a2c510718ea70b154c9" ON "auth"."inbox"  ("received_at") `,
    );
    await queryRunner.query(
      `CREATE TABLE "auth"."outbox" ("seq" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "id" uuid NOT NULL, "event" character varying(64) NOT NULL, "aggregate_id" character varying(64) NOT NULL, "envelope" text NOT NULL, "attempts" integer NOT NULL DEFAULT '0', "last_error" text, "next_attempt_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_acf0725c6a7245b71c651964ee4" PRIMARY KEY ("seq"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_426c3546dc7196f7e22f0a8e6c" ON "auth"."outbox"  ("aggregate_id", "seq") `,
    );
    await queryRunner.query(
      `CREATE TABLE "auth"."signing_keys" ("kid" text NOT NULL, "public_jwk" jsonb NOT NULL, "encrypted_private_key" text NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "retired_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_13362ac3e792c69417e1a53d355" PRIMARY KEY ("kid"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "auth"."revocations" ("subject" text NOT NULL, "revocation" jsonb NOT NULL, "expires_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, CONSTRAINT "PK_28092db9981ba90df966bde02df" PRIMARY KEY ("subject"))`,
    );
    await queryRunner.query(`CREATE INDEX "ix_revocations_expires" ON "auth"."revocations"  ("expires_at") `);
    await queryRunner.query(
      `CREATE TABLE "auth"."sessions" ("id" uuid NOT NULL, "user_id" integer NOT NULL, "ip" text, "user_agent" text, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "last_used_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "expires_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "revoked_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_3238ef96f18b355b671619111bc" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "ix_sessions_expires" ON "auth"."sessions"  ("expires_at") `);
    await queryRunner.query(`CREATE INDEX "ix_sessions_user" ON "auth"."sessions"  ("user_id") `);
    await queryRunner.query(
      `CREATE TABLE "auth"."refresh_tokens" ("id" uuid NOT NULL, "session_id" uuid NOT NULL, "issued_at" integer NOT NULL, "used_at" TIMESTAMP(3) WITH TIME ZONE, "successor_id" uuid, CONSTRAINT "PK_7d8bee0204106019488c4c50ffa" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "ix_refresh_tokens_session" ON "auth"."refresh_tokens"  ("session_id") `,
    );
    await queryRunner.query(
      `ALTER TABLE "auth"."refresh_tokens" ADD CONSTRAINT "fk_refresh_tokens_session" FOREIGN KEY ("session_id") REFERENCES "auth"."sessions"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "auth"."refresh_tokens" DROP CONSTRAINT "fk_refresh_tokens_session"`,
    );
    await queryRunner.query(`DROP INDEX "auth"."ix_refresh_tokens_session"`);
    await queryRunner.query(`DROP TABLE "auth"."refresh_tokens"`);
    await queryRunner.query(`DROP INDEX "auth"."ix_sessions_user"`);
    await queryRunner.query(`DROP INDEX "auth"."ix_sessions_expires"`);
    await queryRunner.query(`DROP TABLE "auth"."sessions"`);
    await queryRunner.query(`DROP INDEX "auth"."ix_revocations_expires"`);
    await queryRunner.query(`DROP TABLE "auth"."revocations"`);
    await queryRunner.query(`DROP TABLE "auth"."signing_keys"`);
    await queryRunner.query(`DROP INDEX "auth"."IDX_426c3546dc7196f7e22f0a8e6c"`);
    await queryRunner.query(`DROP TABLE "auth"."outbox"`);
    await queryRunner.query(`DROP INDEX "auth"."IDX_d615159a2c510718ea70b154c9"`);
    await queryRunner.query(`DROP TABLE "auth"."inbox"`);
    await queryRunner.query(`DROP TABLE "auth"."dead_letters"`);
  }
}
