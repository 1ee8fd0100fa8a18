import { TimestampColumn } from '@repo/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The saved response of an idempotent request. Neither the key nor the request can be read from it. */
@Entity('idempotency_keys')
export class IdempotencyKey {
  /** Hash of the caller and the key. */
  @PrimaryColumn({ type: 'varchar', length: 43 })
  id: string;

  /** HMAC of the request with the key. It detects another request with the same key. */
  @Column({ type: 'varchar', length: 43 })
  fingerprint: string;

  /** Body of the response, as JSON. */
  @Column({ type: 'text' })
  answer: string;

  @Index()
  @TimestampColumn({ default: () => 'now()' })
  createdAt: Date;
}
