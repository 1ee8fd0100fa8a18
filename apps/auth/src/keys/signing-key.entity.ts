import type { PublicJwk } from '@repo/contracts';
import { CreatedAtColumn, TimestampColumn } from '@repo/database';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key pair for tokens. The newest one signs; those before are published until the last token of theirs has expired. */
@Entity('signing_keys')
export class SigningKey {
  @PrimaryColumn({ type: 'text' })
  kid: string;

  @Column({ type: 'jsonb' })
  publicJwk: PublicJwk;

  /** AES-256-GCM under SECRET_KEY. */
  @Column({ type: 'text' })
  encryptedPrivateKey: string;

  @CreatedAtColumn()
  createdAt: Date;

  /** When a newer key took over. */
  @TimestampColumn({ nullable: true })
  retiredAt: Date | null;
}
