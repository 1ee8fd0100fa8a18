import { CreatedAtColumn, TimestampColumn } from '@repo/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One login, with all tokens that were refreshed from it. */
@Entity('sessions')
@Index('ix_sessions_user', ['userId'])
@Index('ix_sessions_expires', ['expiresAt'])
export class Session {
  /** UUIDv7; the `sid` of its tokens. */
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'int' })
  userId: number;

  @Column({ type: 'text', nullable: true })
  ip: string | null;

  @Column({ type: 'text', nullable: true })
  userAgent: string | null;

  @CreatedAtColumn()
  createdAt: Date;

  @TimestampColumn({ default: () => 'now()' })
  lastUsedAt: Date;

  /** The time at which its last refresh token expires. */
  @TimestampColumn()
  expiresAt: Date;

  @TimestampColumn({ nullable: true })
  revokedAt: Date | null;
}
