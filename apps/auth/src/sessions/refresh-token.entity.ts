import { TimestampColumn } from '@repo/database';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Session } from './session.entity.js';

/** A refresh token works once. The row stores its successor and the time of use. */
@Entity('refresh_tokens')
@Index('ix_refresh_tokens_session', ['sessionId'])
export class RefreshToken {
  /** The `jti` of the token. The token itself is not stored. */
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  sessionId: string;

  @ManyToOne(() => Session, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'session_id', foreignKeyConstraintName: 'fk_refresh_tokens_session' })
  session?: Session;

  /** Seconds since the epoch, as in the token. */
  @Column({ type: 'int' })
  issuedAt: number;

  @TimestampColumn({ nullable: true })
  usedAt: Date | null;

  @Column({ type: 'uuid', nullable: true })
  successorId: string | null;
}
