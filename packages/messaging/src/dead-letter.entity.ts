import { TimestampColumn } from '@repo/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The `consumer` of an event that could not be published. */
export const OUTBOX = 'outbox';

/** An event that a consumer of this schema could not apply, or that could not be published. */
@Entity('dead_letters')
@Index('uq_dead_letters', ['consumer', 'eventId'], { unique: true })
export class DeadLetter {
  @PrimaryColumn({ type: 'int', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id: number;

  @Column({ type: 'varchar', length: 32 })
  consumer: string;

  @Column({ type: 'varchar', length: 64 })
  eventId: string;

  @Column({ type: 'varchar', length: 64 })
  event: string;

  /** The message as it was delivered; it may be invalid JSON. */
  @Column({ type: 'text' })
  envelope: string;

  @Column({ type: 'int' })
  attempts: number;

  @Column({ type: 'text' })
  error: string;

  @TimestampColumn({ default: () => 'now()' })
  failedAt: Date;
}
