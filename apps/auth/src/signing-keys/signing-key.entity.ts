import type { PublicJwk } from '@repo/contracts';
import { CreatedAtColumn, TimestampColumn } from '@repo/database';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key pair for tokens. The newest one signs; an older one is published until its last token has expired. */
@Entity('signing_keys')
export class SigningKey {
  @PrimaryColumn({ type: 'text' })
  kid: string;

  @Column({ type: 'jsonb' })
  publicJwk: PublicJwk;

  /** The PKCS #8 PEM, encrypted with AES-256-GCM under SECRET_KEY. */
  @Column({ type: 'text' })
  encryptedPrivateKey: string;

  @CreatedAtColumn()
  createdAt: Date;

  /** The time from which a newer key signs. */
  @TimestampColumn({ nullable: true })
  retiredAt: Date | null;
}
