import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  ApiPage,
  CreateGadgetDto,
  GadgetParam,
  GadgetRead,
  ListGadgetsQuery,
  Message,
  UpdateGadgetDto,
} from '@repo/contracts';
import { Authenticated, CurrentUser, Public, Superuser } from '@repo/runtime/auth';
import { Cached, Invalidates } from '@repo/runtime/cache';
import type { CurrentUser as Caller } from '@repo/runtime/context';
import type { Page } from '@repo/runtime/database';
/* idempotent.import */
import { GadgetsService } from './{gadgets}.service.js';

const LIST = ['<gadgets>'];
const ONE = ['<gadget>:{id}'];

@ApiTags('~gadgets~')
@Controller()
export class GadgetsController {
  constructor(private readonly gadgets: GadgetsService) {}

  @Authenticated()
  @Invalidates({ tags: LIST })
  /* idempotent.decorator */
  @Post('<gadget>')
  @ApiCreatedResponse({ type: GadgetRead })
  create(@Body() dto: CreateGadgetDto, @CurrentUser() caller: Caller): Promise<GadgetRead> {
    return this.gadgets.create(dto, caller);
  }

  @Public()
  @Cached({ key: '<gadgets>:{page}:{items_per_page}:{cursor}:{sort}', tags: LIST, ttlSeconds: 60 })
  @Get('<gadgets>')
  @ApiPage(GadgetRead)
  list(@Query() query: ListGadgetsQuery): Promise<Page<GadgetRead>> {
    return this.gadgets.list(query);
  }

  @Public()
  @Cached({ key: '<gadget>:{id}', tags: ONE, ttlSeconds: 3_600 })
  @Get('<gadget>/:id')
  @ApiOkResponse({ type: GadgetRead })
  get(@Param() { id }: GadgetParam): Promise<GadgetRead> {
    return this.gadgets.get(id);
  }

  @Authenticated()
  @Invalidates({ tags: [...LIST, ...ONE] })
  @Patch('<gadget>/:id')
  @ApiOkResponse({ type: Message })
  async update(
    @Param() { id }: GadgetParam,
    @Body() dto: UpdateGadgetDto,
    @CurrentUser() caller: Caller,
  ): Promise<Message> {
    await this.gadgets.update(id, dto, caller);
    return { message: '~Gadget~ updated' };
  }

  @Authenticated()
  @Invalidates({ tags: [...LIST, ...ONE] })
  @Delete('<gadget>/:id')
  @ApiOkResponse({ type: Message })
  async remove(@Param() { id }: GadgetParam, @CurrentUser() caller: Caller): Promise<Message> {
    await this.gadgets.remove(id, caller);
    return { message: '~Gadget~ deleted' };
  }

  @Superuser()
  @Invalidates({ tags: [...LIST, ...ONE] })
  @Delete('db_<gadget>/:id')
  @ApiOkResponse({ type: Message })
  async erase(@Param() { id }: GadgetParam): Promise<Message> {
    await this.gadgets.erase(id);
    return { message: '~Gadget~ deleted from the database' };
  }
}
