import { TimestampColumn } from '@repo/database';
import { Entity, Index, PrimaryColumn } from 'typeorm';

/** The id of an event that a consumer of this schema has applied. */
@Entity('inbox')
export class InboxMessage {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  eventId: string;

  @PrimaryColumn({ type: 'varchar', length: 32 })
  consumer: string;

  @Index()
  @TimestampColumn({ default: () => 'now()' })
  receivedAt: Date;
}
