import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public, Superuser } from '@repo/auth';
import { Cached, Invalidates } from '@repo/cache';
import {
  ApiPage,
  ApiProblem,
  CreateRateLimitDto,
  ListRateLimitsQuery,
  Message,
  type Page,
  RateLimitParam,
  RateLimitRead,
  TierNameParam,
  UpdateRateLimitDto,
} from '@repo/contracts';
import { RateLimitsService } from './rate-limits.service.js';

/** A rate limit is shown under its tier: a change of either invalidates it. */
const TIERS = ['tiers'];

@ApiTags('rate limits')
@Controller('tier/:tier_name')
export class RateLimitsController {
  constructor(private readonly limits: RateLimitsService) {}

  @Superuser()
  @Invalidates({ tags: TIERS })
  @Post('rate_limit')
  @ApiOperation({ summary: 'Limit a route for a tier' })
  @ApiCreatedResponse({ type: RateLimitRead })
  @ApiProblem(404, 'Tier not found')
  @ApiProblem(422, 'Rate Limit Name not available', 'There is already a rate limit for this path')
  create(@Param() { tier_name }: TierNameParam, @Body() dto: CreateRateLimitDto): Promise<RateLimitRead> {
    return this.limits.create(tier_name, dto);
  }

  @Public()
  @Cached({
    key: 'rate_limits:{tier_name}:{page}:{items_per_page}:{cursor}:{sort}',
    tags: TIERS,
    ttlSeconds: 3_600,
  })
  @Get('rate_limits')
  @ApiOperation({ summary: 'List the rate limits of a tier' })
  @ApiPage(RateLimitRead)
  @ApiProblem(404, 'Tier not found')
  list(
    @Param() { tier_name }: TierNameParam,
    @Query() query: ListRateLimitsQuery,
  ): Promise<Page<RateLimitRead>> {
    return this.limits.list(tier_name, query);
  }

  @Public()
  @Cached({ key: 'rate_limit:{tier_name}:{id}', tags: TIERS, ttlSeconds: 3_600 })
  @Get('rate_limit/:id')
  @ApiOperation({ summary: 'Read a rate limit' })
  @ApiOkResponse({ type: RateLimitRead })
  @ApiProblem(404, 'Tier not found', 'Rate Limit not found')
  get(@Param() { tier_name, id }: RateLimitParam): Promise<RateLimitRead> {
    return this.limits.getRead(tier_name, id);
  }

  @Superuser()
  @Invalidates({ tags: TIERS })
  @Patch('rate_limit/:id')
  @ApiOperation({ summary: 'Change a rate limit' })
  @ApiOkResponse({ type: Message })
  @ApiProblem(404, 'Tier not found', 'Rate Limit not found')
  @ApiProblem(
    422,
    'There is already a rate limit for this path',
    'There is already a rate limit with this name',
  )
  async update(
    @Param() { tier_name, id }: RateLimitParam,
    @Body() dto: UpdateRateLimitDto,
  ): Promise<Message> {
    await this.limits.update(tier_name, id, dto);
    return { message: 'Rate Limit updated' };
  }

  @Superuser()
  @Invalidates({ tags: TIERS })
  @Delete('rate_limit/:id')
  @ApiOperation({ summary: 'Delete a rate limit' })
  @ApiOkResponse({ type: Message })
  @ApiProblem(404, 'Tier not found', 'Rate Limit not found')
  async hardDelete(@Param() { tier_name, id }: RateLimitParam): Promise<Message> {
    await this.limits.hardDelete(tier_name, id);
    return { message: 'Rate Limit deleted' };
  }
}
