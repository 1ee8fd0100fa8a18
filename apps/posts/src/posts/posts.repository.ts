import { Injectable } from '@nestjs/common';
import { type ListPostsQuery, type Page, PostRead } from '@repo/contracts';
import { type ColumnsOf, Database, type Table, type Transaction } from '@repo/database';
import { Post } from './post.entity.js';

export type NewPost = Pick<Post, 'createdByUserId' | 'title' | 'text' | 'mediaUrl'>;
export type PostChanges = Partial<Pick<Post, 'title' | 'text' | 'mediaUrl'>>;

@Injectable()
export class PostsRepository {
  private readonly posts: Table<Post>;

  constructor(private readonly database: Database) {
    this.posts = database.table(Post);
  }

  findOfAuthor(authorId: number, id: number): Promise<Post | null> {
    return this.posts.findOne({ createdByUserId: authorId, id });
  }

  /** Includes soft-deleted posts. */
  findAnyOfAuthor(authorId: number, id: number): Promise<Post | null> {
    return this.posts.findOne({ createdByUserId: authorId, id }, { withDeleted: true });
  }

  findPage(authorId: number, query: ListPostsQuery): Promise<Page<ColumnsOf<Post, PostRead>>> {
    return this.posts.findPage(query, { select: PostRead, where: { createdByUserId: authorId } });
  }

  // #region insert-and-emit
  create(post: NewPost, toResponse: (post: Post) => PostRead): Promise<PostRead> {
    return this.database.insertAndEmit(Post, post, 'post.created', toResponse);
  }
  // #endregion

  async update(id: number, changes: PostChanges): Promise<void> {
    await this.posts.update({ id }, changes);
  }

  async softDelete(id: number): Promise<void> {
    await this.posts.softDelete({ id });
  }

  async hardDelete(id: number): Promise<void> {
    await this.posts.hardDelete({ id });
  }

  async hardDeleteOfAuthor(authorId: number, tx: Transaction): Promise<void> {
    await this.posts.in(tx).hardDelete({ createdByUserId: authorId });
  }
}
