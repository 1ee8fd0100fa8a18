import { Injectable } from '@nestjs/common';
import type {
  CreatePostDto,
  ListPostsQuery,
  Page,
  PostRead,
  UpdatePostDto,
  UserSnapshot,
} from '@repo/contracts';
import { type Caller, NotFoundError, NotOwnerError } from '@repo/core';
import { type ColumnsOf, mapPage, type Transaction } from '@repo/database';
import { AuthorsService } from '../authors/authors.service.js';
import type { Post } from './post.entity.js';
import { type PostChanges, PostsRepository } from './posts.repository.js';

@Injectable()
export class PostsService {
  constructor(
    private readonly posts: PostsRepository,
    private readonly authors: AuthorsService,
  ) {}

  async create(
    username: string,
    { title, text, media_url }: CreatePostDto,
    caller: Caller,
  ): Promise<PostRead> {
    const author = await this.authors.get(username);
    if (author.id !== caller.id) throw new NotOwnerError();
    const post = { createdByUserId: author.id, title, text, mediaUrl: media_url ?? null };
    return this.posts.create(post, toPostRead);
  }

  async list(username: string, query: ListPostsQuery): Promise<Page<PostRead>> {
    const author = await this.authors.get(username);
    return mapPage(await this.posts.findPage(author.id, query), toPostRead);
  }

  async get(username: string, id: number): Promise<PostRead> {
    const author = await this.authors.get(username);
    const post = await this.posts.findOfAuthor(author.id, id);
    if (!post) throw new NotFoundError('Post not found');
    return toPostRead(post);
  }

  async update(
    username: string,
    id: number,
    { title, text, media_url }: UpdatePostDto,
    caller: Caller,
  ): Promise<void> {
    const post = await this.getOwned(username, id, caller);
    const changes: PostChanges = {
      ...(title !== undefined && { title }),
      ...(text !== undefined && { text }),
      ...(media_url !== undefined && { mediaUrl: media_url }),
    };
    if (Object.keys(changes).length === 0) return;
    await this.posts.update(post.id, changes);
  }

  /** Soft delete: the row stays and reads skip it. */
  async softDelete(username: string, id: number, caller: Caller): Promise<void> {
    const post = await this.getOwned(username, id, caller);
    await this.posts.softDelete(post.id);
  }

  /** Hard delete: removes the row, also that of a soft-deleted post. */
  async hardDelete(username: string, id: number): Promise<void> {
    const author = await this.authors.get(username);
    const post = await this.posts.findAnyOfAuthor(author.id, id);
    if (!post) throw new NotFoundError('Post not found');
    await this.posts.hardDelete(post.id);
  }

  /** Hard deletes all posts of a user who was hard deleted. */
  async hardDeleteAllOf(user: UserSnapshot, tx: Transaction): Promise<void> {
    await this.authors.apply(user, tx);
    await this.posts.hardDeleteOfAuthor(user.id, tx);
  }

  private async getOwned(username: string, id: number, caller: Caller): Promise<Post> {
    const author = await this.authors.get(username);
    const post = await this.posts.findOfAuthor(author.id, id);
    if (!post) throw new NotFoundError('Post not found');
    if (author.id !== caller.id) throw new NotOwnerError();
    return post;
  }
}

function toPostRead({
  id,
  title,
  text,
  mediaUrl,
  createdByUserId,
  createdAt,
}: ColumnsOf<Post, PostRead>): PostRead {
  return { id, title, text, media_url: mediaUrl, created_by_user_id: createdByUserId, created_at: createdAt };
}
