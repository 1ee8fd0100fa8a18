import { Injectable } from '@nestjs/common';
import { type Page, type PageRequest, paginate, type Transaction } from '@repo/runtime/database';
import { DataSource, type EntityManager, type Repository } from 'typeorm';
import { Post } from './post.entity.js';

export type NewPost = Pick<Post, 'createdByUserId' | 'title' | 'text' | 'mediaUrl'>;
export type PostChanges = Partial<Pick<Post, 'title' | 'text' | 'mediaUrl'>>;

@Injectable()
export class PostsRepository {
  constructor(private readonly dataSource: DataSource) {}

  findOfAuthor(authorId: number, id: number): Promise<Post | null> {
    return this.posts().findOneBy({ createdByUserId: authorId, id });
  }

  /** Deleted ones too. */
  findAnyOfAuthor(authorId: number, id: number): Promise<Post | null> {
    return this.posts().findOne({ where: { createdByUserId: authorId, id }, withDeleted: true });
  }

  findPage(authorId: number, request: PageRequest): Promise<Page<Post>> {
    return paginate(
      this.posts().createQueryBuilder('post').where('post.created_by_user_id = :authorId', { authorId }),
      request,
    );
  }

  async insert(post: NewPost, tx: Transaction): Promise<Post> {
    const { identifiers } = await this.posts(tx.manager).insert(post);
    return this.posts(tx.manager).findOneByOrFail({ id: identifiers[0]!.id as number });
  }

  async update(id: number, changes: PostChanges, tx: Transaction): Promise<void> {
    await this.posts(tx.manager).update({ id }, changes);
  }

  async softDelete(id: number, tx: Transaction): Promise<void> {
    await this.posts(tx.manager).softDelete({ id });
  }

  async hardDelete(id: number, tx: Transaction): Promise<void> {
    await this.posts(tx.manager).delete({ id });
  }

  async hardDeleteOfAuthor(authorId: number, tx: Transaction): Promise<void> {
    await this.posts(tx.manager).delete({ createdByUserId: authorId });
  }

  private posts(manager: EntityManager = this.dataSource.manager): Repository<Post> {
    return manager.getRepository(Post);
  }
}
