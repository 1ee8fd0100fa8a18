import type { Revocation } from '@repo/contracts';
import { TimestampColumn } from '@repo/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A revocation, kept until the last token that it concerns has expired. */
@Entity('revocations')
@Index('ix_revocations_expires', ['expiresAt'])
export class StoredRevocation {
  /** `session:<id>` or `user:<id>`. */
  @PrimaryColumn({ type: 'text' })
  subject: string;

  @Column({ type: 'jsonb' })
  revocation: Revocation;

  @TimestampColumn()
  expiresAt: Date;
}
