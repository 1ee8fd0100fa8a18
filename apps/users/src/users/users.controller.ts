import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiNotOwner, Authenticated, CurrentUser, Public, Superuser } from '@repo/auth';
import { Cached, Invalidates } from '@repo/cache';
import {
  ApiPage,
  ApiProblem,
  CreateUserDto,
  ListUsersQuery,
  Message,
  type Page,
  PublicUser,
  UpdateUserDto,
  UpdateUserTierDto,
  UsageRead,
  UsernameParam,
  UserRateLimitsRead,
  UserRead,
  UserTierRead,
} from '@repo/contracts';
import type { Caller } from '@repo/core';
import { Idempotent } from '@repo/service/idempotency';
import { UsageService } from './usage.service.js';
import { UsersService } from './users.service.js';

const LAST_SUPERUSER = 'The last superuser cannot be removed';

/** The tags of every cached response that shows the user of the path. */
const USER = ['users', 'user:{username}'];

@ApiTags('users')
@Controller()
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly usage: UsageService,
  ) {}

  @Public()
  @Invalidates({ tags: ['users'] })
  @Idempotent()
  @Post('user')
  @ApiOperation({ summary: 'Sign up' })
  @ApiCreatedResponse({ type: UserRead })
  @ApiProblem(403, 'Sign-up is disabled.')
  @ApiProblem(422, 'Email is already registered', 'Username not available')
  @ApiProblem(429, 'Rate limit exceeded.')
  create(@Body() dto: CreateUserDto): Promise<UserRead> {
    return this.users.create(dto);
  }

  @Public()
  @Cached({ key: 'users:{page}:{items_per_page}:{cursor}:{sort}', tags: ['users'], ttlSeconds: 60 })
  @Get('users')
  @ApiOperation({ summary: 'List users' })
  @ApiPage(PublicUser)
  list(@Query() query: ListUsersQuery): Promise<Page<PublicUser>> {
    return this.users.list(query);
  }

  @Authenticated()
  @Get('user/me')
  @ApiOperation({ summary: 'Read your own user' })
  @ApiOkResponse({ type: UserRead })
  getOwn(@CurrentUser() caller: Caller): Promise<UserRead> {
    return this.users.getOwn(caller);
  }

  @Authenticated()
  @Get('user/me/usage')
  @ApiOperation({ summary: 'See what is left of your rate limits' })
  @ApiOkResponse({ type: [UsageRead] })
  getUsage(@CurrentUser() caller: Caller): Promise<UsageRead[]> {
    return this.usage.of(caller);
  }

  @Public()
  @Cached({ key: 'user:{username}', tags: ['user:{username}'], ttlSeconds: 3_600 })
  @Get('user/:username')
  @ApiOperation({ summary: 'Read a user' })
  @ApiOkResponse({ type: PublicUser })
  @ApiProblem(404, 'User not found')
  get(@Param() { username }: UsernameParam): Promise<PublicUser> {
    return this.users.getPublic(username);
  }

  @Authenticated()
  @Invalidates({ tags: USER })
  @Patch('user/:username')
  @ApiOperation({ summary: 'Change your own user' })
  @ApiOkResponse({ type: Message })
  @ApiNotOwner()
  @ApiProblem(404, 'User not found')
  @ApiProblem(422, 'Username not available', 'Email is already registered')
  async update(
    @Param() { username }: UsernameParam,
    @Body() dto: UpdateUserDto,
    @CurrentUser() caller: Caller,
  ): Promise<Message> {
    await this.users.update(username, dto, caller);
    return { message: 'User updated' };
  }

  @Authenticated()
  @Invalidates({ tags: USER })
  @Delete('user/:username')
  @ApiOperation({ summary: 'Delete your own user' })
  @ApiOkResponse({ type: Message })
  @ApiNotOwner()
  @ApiProblem(404, 'User not found')
  @ApiProblem(409, LAST_SUPERUSER)
  async softDelete(@Param() { username }: UsernameParam, @CurrentUser() caller: Caller): Promise<Message> {
    await this.users.softDelete(username, caller);
    return { message: 'User deleted' };
  }

  @Superuser()
  @Invalidates({ tags: USER })
  @Delete('db_user/:username')
  @ApiOperation({ summary: 'Delete a user, and all that is theirs, from the database' })
  @ApiOkResponse({ type: Message })
  @ApiProblem(404, 'User not found')
  @ApiProblem(409, LAST_SUPERUSER)
  async hardDelete(@Param() { username }: UsernameParam): Promise<Message> {
    await this.users.hardDelete(username);
    return { message: 'User deleted from the database' };
  }

  @Superuser()
  @Get('user/:username/rate_limits')
  @ApiOperation({ summary: 'Read a user with the rate limits of their tier' })
  @ApiOkResponse({ type: UserRateLimitsRead })
  @ApiProblem(404, 'User not found')
  getRateLimits(@Param() { username }: UsernameParam): Promise<UserRateLimitsRead> {
    return this.users.getWithRateLimits(username);
  }

  @Public()
  @Cached({ key: 'user_tier:{username}', tags: ['user:{username}', 'tiers'], ttlSeconds: 3_600 })
  @Get('user/:username/tier')
  @ApiOperation({ summary: 'Read a user with their tier' })
  @ApiOkResponse({ type: UserTierRead })
  @ApiProblem(404, 'User not found', 'Tier not found')
  getTier(@Param() { username }: UsernameParam): Promise<UserTierRead> {
    return this.users.getWithTier(username);
  }

  @Superuser()
  @Invalidates({ tags: USER })
  @Patch('user/:username/tier')
  @ApiOperation({ summary: 'Put a user into a tier' })
  @ApiOkResponse({ type: Message })
  @ApiProblem(404, 'User not found', 'Tier not found')
  async assignTier(@Param() { username }: UsernameParam, @Body() dto: UpdateUserTierDto): Promise<Message> {
    const name = await this.users.assignTier(username, dto.tier_id);
    return { message: `User ${name} Tier updated` };
  }
}
