import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiNotOwner, Authenticated, CurrentUser, Public, Superuser } from '@repo/auth';
import { Cached, Invalidates } from '@repo/cache';
import {
  ApiPage,
  ApiProblem,
  CreatePostDto,
  ListPostsQuery,
  Message,
  type Page,
  PostParam,
  PostRead,
  UpdatePostDto,
  UsernameParam,
} from '@repo/contracts';
import type { Caller } from '@repo/core';
import { BodyLimit } from '@repo/service';
import { Idempotent } from '@repo/service/idempotency';
import { PostsService } from './posts.service.js';

const AUTHOR = ['user:{username}'];

/** Size limit of a body: the longest text with every character as two \\u escapes, and the other fields. */
const LONGEST_POST = 800 * 1024;

@ApiTags('posts')
@Controller(':username')
export class PostsController {
  constructor(private readonly posts: PostsService) {}

  @Authenticated()
  @Invalidates({ tags: AUTHOR })
  @BodyLimit(LONGEST_POST)
  @Idempotent()
  @Post('post')
  @ApiOperation({ summary: 'Write a post' })
  @ApiCreatedResponse({ type: PostRead })
  @ApiNotOwner()
  @ApiProblem(404, 'User not found')
  create(
    @Param() { username }: UsernameParam,
    @Body() dto: CreatePostDto,
    @CurrentUser() caller: Caller,
  ): Promise<PostRead> {
    return this.posts.create(username, dto, caller);
  }

  @Public()
  /** Filters are not in the key: most filtered lists are read once, and would evict the other entries. */
  @Cached({ key: '{username}_posts:{page}:{items_per_page}:{cursor}:{sort}', tags: AUTHOR, ttlSeconds: 60 })
  @Get('posts')
  @ApiOperation({ summary: 'List the posts of a user' })
  @ApiPage(PostRead)
  @ApiProblem(404, 'User not found')
  list(@Param() { username }: UsernameParam, @Query() query: ListPostsQuery): Promise<Page<PostRead>> {
    return this.posts.list(username, query);
  }

  @Public()
  @Cached({ key: '{username}_post:{id}', tags: AUTHOR, ttlSeconds: 3_600 })
  @Get('post/:id')
  @ApiOperation({ summary: 'Read a post' })
  @ApiOkResponse({ type: PostRead })
  @ApiProblem(404, 'User not found', 'Post not found')
  get(@Param() { username, id }: PostParam): Promise<PostRead> {
    return this.posts.get(username, id);
  }

  @Authenticated()
  @Invalidates({ tags: AUTHOR })
  @BodyLimit(LONGEST_POST)
  @Patch('post/:id')
  @ApiOperation({ summary: 'Change a post' })
  @ApiOkResponse({ type: Message })
  @ApiNotOwner()
  @ApiProblem(404, 'User not found', 'Post not found')
  async update(
    @Param() { username, id }: PostParam,
    @Body() dto: UpdatePostDto,
    @CurrentUser() caller: Caller,
  ): Promise<Message> {
    await this.posts.update(username, id, dto, caller);
    return { message: 'Post updated' };
  }

  @Authenticated()
  @Invalidates({ tags: AUTHOR })
  @Delete('post/:id')
  @ApiOperation({ summary: 'Delete a post' })
  @ApiOkResponse({ type: Message })
  @ApiNotOwner()
  @ApiProblem(404, 'User not found', 'Post not found')
  async softDelete(@Param() { username, id }: PostParam, @CurrentUser() caller: Caller): Promise<Message> {
    await this.posts.softDelete(username, id, caller);
    return { message: 'Post deleted' };
  }

  @Superuser()
  @Invalidates({ tags: AUTHOR })
  @Delete('db_post/:id')
  @ApiOperation({ summary: 'Delete a post from the database' })
  @ApiOkResponse({ type: Message })
  @ApiProblem(404, 'User not found', 'Post not found')
  async hardDelete(@Param() { username, id }: PostParam): Promise<Message> {
    await this.posts.hardDelete(username, id);
    return { message: 'Post deleted from the database' };
  }
}
