import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  ApiPage,
  CreateUserDto,
  ListUsersQuery,
  Message,
  PublicUser,
  UpdateUserDto,
  UpdateUserTierDto,
  UsageRead,
  UsernameParam,
  UserRateLimitsRead,
  UserRead,
  UserTierRead,
} from '@repo/contracts';
import { Authenticated, CurrentUser, Public, Superuser } from '@repo/runtime/auth';
import type { CurrentUser as Caller } from '@repo/runtime/context';
import type { Page } from '@repo/runtime/database';
import { Idempotent } from '@repo/runtime/idempotency';
import { UsageService } from './usage.service.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller()
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly usage: UsageService,
  ) {}

  @Public()
  @Idempotent()
  @Post('user')
  @ApiCreatedResponse({ type: UserRead })
  create(@Body() dto: CreateUserDto): Promise<UserRead> {
    return this.users.create(dto);
  }

  @Public()
  @Get('users')
  @ApiPage(PublicUser)
  list(@Query() query: ListUsersQuery): Promise<Page<PublicUser>> {
    return this.users.list(query);
  }

  @Authenticated()
  @Get('user/me')
  @ApiOkResponse({ type: UserRead })
  getOwn(@CurrentUser() caller: Caller): Promise<UserRead> {
    return this.users.getOwn(caller);
  }

  @Authenticated()
  @Get('user/me/usage')
  @ApiOkResponse({ type: [UsageRead] })
  getUsage(@CurrentUser() caller: Caller): Promise<UsageRead[]> {
    return this.usage.of(caller);
  }

  @Public()
  @Get('user/:username')
  @ApiOkResponse({ type: PublicUser })
  get(@Param() { username }: UsernameParam): Promise<PublicUser> {
    return this.users.getPublic(username);
  }

  @Authenticated()
  @Patch('user/:username')
  @ApiOkResponse({ type: Message })
  async update(
    @Param() { username }: UsernameParam,
    @Body() dto: UpdateUserDto,
    @CurrentUser() caller: Caller,
  ): Promise<Message> {
    await this.users.update(username, dto, caller);
    return { message: 'User updated' };
  }

  @Authenticated()
  @Delete('user/:username')
  @ApiOkResponse({ type: Message })
  async remove(@Param() { username }: UsernameParam, @CurrentUser() caller: Caller): Promise<Message> {
    await this.users.remove(username, caller);
    return { message: 'User deleted' };
  }

  @Superuser()
  @Delete('db_user/:username')
  @ApiOkResponse({ type: Message })
  async erase(@Param() { username }: UsernameParam): Promise<Message> {
    await this.users.erase(username);
    return { message: 'User deleted from the database' };
  }

  @Superuser()
  @Get('user/:username/rate_limits')
  @ApiOkResponse({ type: UserRateLimitsRead })
  getRateLimits(@Param() { username }: UsernameParam): Promise<UserRateLimitsRead> {
    return this.users.getWithRateLimits(username);
  }

  @Public()
  @Get('user/:username/tier')
  @ApiOkResponse({ type: UserTierRead })
  getTier(@Param() { username }: UsernameParam): Promise<UserTierRead> {
    return this.users.getWithTier(username);
  }

  @Superuser()
  @Patch('user/:username/tier')
  @ApiOkResponse({ type: Message })
  async assignTier(@Param() { username }: UsernameParam, @Body() dto: UpdateUserTierDto): Promise<Message> {
    const name = await this.users.assignTier(username, dto.tier_id);
    return { message: `User ${name} Tier updated` };
  }
}
