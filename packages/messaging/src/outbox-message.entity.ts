import { TimestampColumn } from '@repo/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An event that waits to be published; published ones are deleted. */
@Entity('outbox')
@Index(['aggregateId', 'seq'])
export class OutboxMessage {
  /** Order of publication. */
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  seq: string;

  /** Id of the message: what JetStream and the inboxes know it by. */
  @Column({ type: 'uuid' })
  id: string;

  @Column({ type: 'varchar', length: 64 })
  event: string;

  /** Messages about the same thing are published in order. */
  @Column({ type: 'varchar', length: 64 })
  aggregateId: string;

  /** The message as it is published. */
  @Column({ type: 'text' })
  envelope: string;

  @Column({ type: 'int', default: 0 })
  attempts: number;

  @Column({ type: 'text', nullable: true })
  lastError: string | null;

  @TimestampColumn({ default: () => 'now()' })
  nextAttemptAt: Date;
}
