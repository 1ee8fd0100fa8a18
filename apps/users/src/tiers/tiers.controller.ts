import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  ApiPage,
  CreateTierDto,
  ListTiersQuery,
  Message,
  TierParam,
  TierRead,
  UpdateTierDto,
} from '@repo/contracts';
import { Public, Superuser } from '@repo/runtime/auth';
import type { Page } from '@repo/runtime/database';
import { TiersService } from './tiers.service.js';

@ApiTags('tiers')
@Controller()
export class TiersController {
  constructor(private readonly tiers: TiersService) {}

  @Superuser()
  @Post('tier')
  @ApiCreatedResponse({ type: TierRead })
  create(@Body() dto: CreateTierDto): Promise<TierRead> {
    return this.tiers.create(dto);
  }

  @Public()
  @Get('tiers')
  @ApiPage(TierRead)
  list(@Query() query: ListTiersQuery): Promise<Page<TierRead>> {
    return this.tiers.list(query);
  }

  @Public()
  @Get('tier/:name')
  @ApiOkResponse({ type: TierRead })
  get(@Param() { name }: TierParam): Promise<TierRead> {
    return this.tiers.getRead(name);
  }

  @Superuser()
  @Patch('tier/:name')
  @ApiOkResponse({ type: Message })
  async update(@Param() { name }: TierParam, @Body() dto: UpdateTierDto): Promise<Message> {
    await this.tiers.update(name, dto);
    return { message: 'Tier updated' };
  }

  @Superuser()
  @Delete('tier/:name')
  @ApiOkResponse({ type: Message })
  async remove(@Param() { name }: TierParam): Promise<Message> {
    await this.tiers.remove(name);
    return { message: 'Tier deleted' };
  }
}
