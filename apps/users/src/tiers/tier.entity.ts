import { CreatedAtColumn, UpdatedAtColumn } from '@repo/database';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('tiers')
@Index('uq_tiers_name', ['name'], { unique: true })
@Index('ix_tiers_created', ['createdAt', 'id'])
export class Tier {
  @PrimaryGeneratedColumn('identity', { type: 'int' })
  id: number;

  @Column({ type: 'text' })
  name: string;

  @CreatedAtColumn()
  createdAt: Date;

  @UpdatedAtColumn()
  updatedAt: Date;
}
