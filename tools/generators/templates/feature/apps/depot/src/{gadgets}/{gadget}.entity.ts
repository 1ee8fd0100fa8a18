import {
  CreatedAtColumn,
  DeletedAtColumn,
  /* entity.imports */ UpdatedAtColumn,
} from '@repo/database';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** The indexes serve lists of rows that are not deleted, by id or by time, and the deletion of the rows of a user. */
@Entity('<gadgets>')
@Index('ix_<gadgets>_live', ['id'], { where: 'deleted_at IS NULL' })
@Index('ix_<gadgets>_created_live', ['createdAt', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_<gadgets>_user', ['createdByUserId', 'id'])
export class Gadget {
  @PrimaryGeneratedColumn('identity', { type: 'int' })
  id: number;

  @Column({ type: 'int' })
  createdByUserId: number;

  /* entity.columns */

  @CreatedAtColumn()
  createdAt: Date;

  @UpdatedAtColumn()
  updatedAt: Date;

  @DeletedAtColumn()
  deletedAt: Date | null;
}
