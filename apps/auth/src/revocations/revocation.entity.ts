import type { Revocation } from '@repo/contracts';
import { TimestampColumn } from '@repo/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Which tokens are dead, until the last of them has expired by itself. */
@Entity('revocations')
@Index('ix_revocations_expires', ['expiresAt'])
export class RevocationRow {
  /** `session:<id>` or `user:<id>`. */
  @PrimaryColumn({ type: 'text' })
  subject: string;

  @Column({ type: 'jsonb' })
  revocation: Revocation;

  @TimestampColumn()
  expiresAt: Date;
}
