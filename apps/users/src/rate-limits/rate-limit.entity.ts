import { CreatedAtColumn, UpdatedAtColumn } from '@repo/database';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Tier } from '../tiers/tier.entity.js';

/** The number of calls of a route that users of a tier may make in a period. */
@Entity('rate_limits')
@Index('uq_rate_limits_tier_path', ['tierId', 'path'], { unique: true })
@Index('uq_rate_limits_name', ['name'], { unique: true })
export class RateLimit {
  @PrimaryGeneratedColumn('identity', { type: 'int' })
  id: number;

  @Column({ type: 'int' })
  tierId: number;

  @ManyToOne(() => Tier, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'tier_id', foreignKeyConstraintName: 'fk_rate_limits_tier' })
  tier?: Tier;

  @Column({ type: 'text' })
  name: string;

  /** The route template with `_` in place of `/`: `api_v1_tasks_task`. */
  @Column({ type: 'text' })
  path: string;

  @Column({ type: 'int' })
  limit: number;

  /** The period in seconds. */
  @Column({ type: 'int' })
  period: number;

  @CreatedAtColumn()
  createdAt: Date;

  @UpdatedAtColumn()
  updatedAt: Date;
}
