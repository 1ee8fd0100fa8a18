import { TimestampColumn } from '@repo/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An event that is committed and not yet published. The relay deletes it after publishing. */
@Entity('outbox')
@Index(['aggregateId', 'seq'])
export class OutboxMessage {
  /** Order of publication. */
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  seq: string;

  /** Message id in JetStream and in the inboxes. */
  @Column({ type: 'uuid' })
  id: string;

  @Column({ type: 'varchar', length: 64 })
  event: string;

  /** Events of one aggregate are published in order. */
  @Column({ type: 'varchar', length: 64 })
  aggregateId: string;

  /** `EventEnvelope` as JSON. */
  @Column({ type: 'text' })
  envelope: string;

  @Column({ type: 'int', default: 0 })
  attempts: number;

  @Column({ type: 'text', nullable: true })
  lastError: string | null;

  @TimestampColumn({ default: () => 'now()' })
  nextAttemptAt: Date;
}
