import { TimestampColumn } from '@repo/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a caller was answered, for the request that comes again. Neither the key nor the request can be read from it. */
@Entity('idempotency_keys')
export class IdempotencyKey {
  /** A hash of caller and key. */
  @PrimaryColumn({ type: 'varchar', length: 43 })
  id: string;

  /** A hash of the request, under the key: another request may not use the same key. */
  @Column({ type: 'varchar', length: 43 })
  fingerprint: string;

  /** The body of the answer, as JSON. */
  @Column({ type: 'text' })
  answer: string;

  @Index()
  @TimestampColumn({ default: () => 'now()' })
  createdAt: Date;
}
