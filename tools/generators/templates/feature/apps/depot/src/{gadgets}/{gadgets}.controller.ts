import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiNotOwner, Authenticated, CurrentUser, Public, Superuser } from '@repo/auth';
import { Cached, Invalidates } from '@repo/cache';
/* long.import */
/* idempotent.import */
import {
  ApiPage,
  ApiProblem,
  CreateGadgetDto,
  GadgetParam,
  GadgetRead,
  ListGadgetsQuery,
  Message,
  type Page,
  UpdateGadgetDto,
} from '@repo/contracts';
import type { Caller } from '@repo/core';
import { GadgetsService } from './{gadgets}.service.js';

const LIST = ['<gadgets>'];
const ONE = ['<gadget>:{id}'];
/** All of which are dropped when a user is erased. */
const EVERY = ['<gadget>'];

/* long.constant */

@ApiTags('~gadgets~')
@Controller()
export class GadgetsController {
  constructor(private readonly gadgets: GadgetsService) {}

  @Authenticated()
  @Invalidates({ tags: LIST })
  /* long.decorator */
  /* idempotent.decorator */
  @Post('<gadget>')
  @ApiOperation({ summary: 'Add to the ~gadgets~' })
  @ApiCreatedResponse({ type: GadgetRead })
  create(@Body() dto: CreateGadgetDto, @CurrentUser() caller: Caller): Promise<GadgetRead> {
    return this.gadgets.create(dto, caller);
  }

  @Public()
  @Cached({ key: '<gadgets>:{page}:{items_per_page}:{cursor}:{sort}', tags: LIST, ttlSeconds: 60 })
  @Get('<gadgets>')
  @ApiOperation({ summary: 'List the ~gadgets~' })
  @ApiPage(GadgetRead)
  list(@Query() query: ListGadgetsQuery): Promise<Page<GadgetRead>> {
    return this.gadgets.list(query);
  }

  @Public()
  @Cached({ key: '<gadget>:{id}', tags: [...ONE, ...EVERY], ttlSeconds: 3_600 })
  @Get('<gadget>/:id')
  @ApiOperation({ summary: 'Read one of the ~gadgets~' })
  @ApiOkResponse({ type: GadgetRead })
  @ApiProblem(404, '~Gadget~ not found')
  get(@Param() { id }: GadgetParam): Promise<GadgetRead> {
    return this.gadgets.get(id);
  }

  @Authenticated()
  @Invalidates({ tags: [...LIST, ...ONE] })
  /* long.decorator */
  @Patch('<gadget>/:id')
  @ApiOperation({ summary: 'Change one of the ~gadgets~' })
  @ApiOkResponse({ type: Message })
  @ApiNotOwner()
  @ApiProblem(404, '~Gadget~ not found')
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
  @ApiOperation({ summary: 'Delete one of the ~gadgets~' })
  @ApiOkResponse({ type: Message })
  @ApiNotOwner()
  @ApiProblem(404, '~Gadget~ not found')
  async remove(@Param() { id }: GadgetParam, @CurrentUser() caller: Caller): Promise<Message> {
    await this.gadgets.remove(id, caller);
    return { message: '~Gadget~ deleted' };
  }

  @Superuser()
  @Invalidates({ tags: [...LIST, ...ONE] })
  @Delete('db_<gadget>/:id')
  @ApiOperation({ summary: 'Delete one of the ~gadgets~ from the database' })
  @ApiOkResponse({ type: Message })
  @ApiProblem(404, '~Gadget~ not found')
  async erase(@Param() { id }: GadgetParam): Promise<Message> {
    await this.gadgets.erase(id);
    return { message: '~Gadget~ deleted from the database' };
  }
}
