import { CreatedAtColumn, DeletedAtColumn, UpdatedAtColumn } from '@repo/database';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, VersionColumn } from 'typeorm';
import { Tier } from '../tiers/tier.entity.js';

/** A user. The unique indexes include soft-deleted rows: their names and addresses stay taken. */
@Entity('users')
@Index('uq_users_username', ['username'], { unique: true })
@Index('uq_users_email', ['email'], { unique: true })
@Index('ix_users_tier', ['tierId'])
@Index('ix_users_created_live', ['createdAt', 'id'], { where: 'deleted_at IS NULL' })
export class User {
  @PrimaryGeneratedColumn('identity', { type: 'int' })
  id: number;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  username: string;

  /** The email address in lower case. */
  @Column({ type: 'text' })
  email: string;

  @Column({ type: 'text' })
  passwordHash: string;

  @Column({ type: 'text', default: 'https://profileimageurl.com' })
  profileImageUrl: string;

  @Column({ type: 'boolean', default: false })
  isSuperuser: boolean;

  @Column({ type: 'int', nullable: true })
  tierId: number | null;

  @ManyToOne(() => Tier, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'tier_id', foreignKeyConstraintName: 'fk_users_tier' })
  tier?: Tier;

  /** Grows with every change: other services keep the copy with the higher version. */
  @VersionColumn({ type: 'int' })
  version: number;

  @CreatedAtColumn()
  createdAt: Date;

  @UpdatedAtColumn()
  updatedAt: Date;

  @DeletedAtColumn()
  deletedAt: Date | null;
}
