import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public, Superuser } from '@repo/auth';
import { Cached, Invalidates } from '@repo/cache';
import {
  ApiPage,
  ApiProblem,
  CreateTierDto,
  ListTiersQuery,
  Message,
  type Page,
  TierParam,
  TierRead,
  UpdateTierDto,
} from '@repo/contracts';
import { TiersService } from './tiers.service.js';

/** Tiers are few and change rarely: one tag for all, and for their rate limits. */
const TIERS = ['tiers'];

@ApiTags('tiers')
@Controller()
export class TiersController {
  constructor(private readonly tiers: TiersService) {}

  @Superuser()
  @Invalidates({ tags: TIERS })
  @Post('tier')
  @ApiOperation({ summary: 'Create a tier' })
  @ApiCreatedResponse({ type: TierRead })
  @ApiProblem(422, 'Tier Name not available')
  create(@Body() dto: CreateTierDto): Promise<TierRead> {
    return this.tiers.create(dto);
  }

  @Public()
  @Cached({ key: 'tiers:{page}:{items_per_page}:{cursor}:{sort}', tags: TIERS, ttlSeconds: 60 })
  @Get('tiers')
  @ApiOperation({ summary: 'List tiers' })
  @ApiPage(TierRead)
  list(@Query() query: ListTiersQuery): Promise<Page<TierRead>> {
    return this.tiers.list(query);
  }

  @Public()
  @Cached({ key: 'tier:{name}', tags: TIERS, ttlSeconds: 3_600 })
  @Get('tier/:name')
  @ApiOperation({ summary: 'Read a tier' })
  @ApiOkResponse({ type: TierRead })
  @ApiProblem(404, 'Tier not found')
  get(@Param() { name }: TierParam): Promise<TierRead> {
    return this.tiers.getRead(name);
  }

  @Superuser()
  @Invalidates({ tags: TIERS })
  @Patch('tier/:name')
  @ApiOperation({ summary: 'Rename a tier' })
  @ApiOkResponse({ type: Message })
  @ApiProblem(404, 'Tier not found')
  @ApiProblem(422, 'Tier Name not available')
  async update(@Param() { name }: TierParam, @Body() dto: UpdateTierDto): Promise<Message> {
    await this.tiers.update(name, dto);
    return { message: 'Tier updated' };
  }

  @Superuser()
  @Invalidates({ tags: TIERS })
  @Delete('tier/:name')
  @ApiOperation({ summary: 'Delete a tier, with its rate limits' })
  @ApiOkResponse({ type: Message })
  @ApiProblem(404, 'Tier not found')
  @ApiProblem(409, 'Tier is in use')
  async hardDelete(@Param() { name }: TierParam): Promise<Message> {
    await this.tiers.hardDelete(name);
    return { message: 'Tier deleted' };
  }
}
