import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiNotOwner, Authenticated, CurrentUser, Public, Superuser } from '@repo/auth';
import { Cached, Invalidates } from '@repo/cache';
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
// #if body.kb
import { BodyLimit } from '@repo/service';
// #endif
// #if idempotent
import { Idempotent } from '@repo/service/idempotency';
// #endif
import { GadgetsService } from './{gadgets}.service.js';

const LIST = ['<gadgets>'];
const ONE = ['<gadget>:{id}'];
/** Invalidated when a user is hard deleted, with all that the user created. */
const EVERY = ['<gadget>'];

// #if body.kb
/** The longest valid one, with each character as two \u escapes. */
const MAX_BODY_BYTES = /* body.kb */ * 1024;

// #endif
@ApiTags('~gadgets~')
@Controller()
export class GadgetsController {
  constructor(private readonly gadgets: GadgetsService) {}

  @Authenticated()
  @Invalidates({ tags: LIST })
  // #if body.kb
  @BodyLimit(MAX_BODY_BYTES)
  // #endif
  // #if idempotent
  @Idempotent()
  // #endif
  @Post('<gadget>')
  @ApiOperation({ summary: 'Create one of the ~gadgets~' })
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
  // #if body.kb
  @BodyLimit(MAX_BODY_BYTES)
  // #endif
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
  async softDelete(@Param() { id }: GadgetParam, @CurrentUser() caller: Caller): Promise<Message> {
    await this.gadgets.softDelete(id, caller);
    return { message: '~Gadget~ deleted' };
  }

  @Superuser()
  @Invalidates({ tags: [...LIST, ...ONE] })
  @Delete('db_<gadget>/:id')
  @ApiOperation({ summary: 'Delete one of the ~gadgets~ from the database' })
  @ApiOkResponse({ type: Message })
  @ApiProblem(404, '~Gadget~ not found')
  async hardDelete(@Param() { id }: GadgetParam): Promise<Message> {
    await this.gadgets.hardDelete(id);
    return { message: '~Gadget~ deleted from the database' };
  }
}
