import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  ApiPage,
  CreateRateLimitDto,
  ListRateLimitsQuery,
  Message,
  RateLimitParam,
  RateLimitRead,
  TierNameParam,
  UpdateRateLimitDto,
} from '@repo/contracts';
import { Public, Superuser } from '@repo/runtime/auth';
import type { Page } from '@repo/runtime/database';
import { RateLimitsService } from './rate-limits.service.js';

@ApiTags('rate limits')
@Controller('tier/:tier_name')
export class RateLimitsController {
  constructor(private readonly limits: RateLimitsService) {}

  @Superuser()
  @Post('rate_limit')
  @ApiCreatedResponse({ type: RateLimitRead })
  create(@Param() { tier_name }: TierNameParam, @Body() dto: CreateRateLimitDto): Promise<RateLimitRead> {
    return this.limits.create(tier_name, dto);
  }

  @Public()
  @Get('rate_limits')
  @ApiPage(RateLimitRead)
  list(
    @Param() { tier_name }: TierNameParam,
    @Query() query: ListRateLimitsQuery,
  ): Promise<Page<RateLimitRead>> {
    return this.limits.list(tier_name, query);
  }

  @Public()
  @Get('rate_limit/:id')
  @ApiOkResponse({ type: RateLimitRead })
  get(@Param() { tier_name, id }: RateLimitParam): Promise<RateLimitRead> {
    return this.limits.getRead(tier_name, id);
  }

  @Superuser()
  @Patch('rate_limit/:id')
  @ApiOkResponse({ type: Message })
  async update(
    @Param() { tier_name, id }: RateLimitParam,
    @Body() dto: UpdateRateLimitDto,
  ): Promise<Message> {
    await this.limits.update(tier_name, id, dto);
    return { message: 'Rate Limit updated' };
  }

  @Superuser()
  @Delete('rate_limit/:id')
  @ApiOkResponse({ type: Message })
  async remove(@Param() { tier_name, id }: RateLimitParam): Promise<Message> {
    await this.limits.remove(tier_name, id);
    return { message: 'Rate Limit deleted' };
  }
}
