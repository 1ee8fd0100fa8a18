import { CreatedAtColumn, DeletedAtColumn, UpdatedAtColumn } from '@repo/database';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** The indexes serve both kinds of pages: live posts of a user in the order of their ids, or by time. */
@Entity('posts')
@Index('ix_posts_author_live', ['createdByUserId', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_posts_author_created_live', ['createdByUserId', 'createdAt', 'id'], {
  where: 'deleted_at IS NULL',
})
export class Post {
  @PrimaryGeneratedColumn('identity', { type: 'int' })
  id: number;

  @Column({ type: 'int' })
  createdByUserId: number;

  @Column({ type: 'text' })
  title: string;

  @Column({ type: 'text' })
  text: string;

  @Column({ type: 'text', nullable: true })
  mediaUrl: string | null;

  @CreatedAtColumn()
  createdAt: Date;

  @UpdatedAtColumn()
  updatedAt: Date;

  @DeletedAtColumn()
  deletedAt: Date | null;
}
