import { CreatedAtColumn, DeletedAtColumn, TimestampColumn } from '@repo/database';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Notebook } from './notebook.entity.js';

// #region indexes
@Entity('notes')
@Index('uq_notes_slug', ['slug'], { unique: true })
@Index('ix_notes_owner_live', ['ownerId', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_notes_owner_due_live', ['ownerId', 'dueAt', 'id'], { where: 'deleted_at IS NULL' })
// #endregion
export class Note {
  @PrimaryGeneratedColumn('identity', { type: 'int' })
  id: number;

  @Column({ type: 'int' })
  ownerId: number;

  @Column({ type: 'text' })
  slug: string;

  @Column({ type: 'text' })
  body: string;

  @TimestampColumn({ nullable: true })
  dueAt: Date | null;

  @Column({ type: 'int', nullable: true })
  notebookId: number | null;

  @ManyToOne(() => Notebook)
  @JoinColumn({ name: 'notebook_id' })
  notebook?: Notebook;

  @CreatedAtColumn()
  createdAt: Date;

  @DeletedAtColumn()
  deletedAt: Date | null;
}
