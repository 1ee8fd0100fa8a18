import { Controller, Delete, Get, Param, ParseIntPipe } from '@nestjs/common';
import { Authenticated, CurrentUser, OptionalAuth, Public, Superuser } from '@repo/auth';
import type { Caller } from '@repo/core';
import type { Document } from './documents.repository.js';
import { DocumentsService } from './documents.service.js';

@Controller('documents')
export class DocumentsController {
  constructor(private readonly documents: DocumentsService) {}

  // #region access
  @Public()
  @Get('count')
  count(): { count: number } {
    return { count: this.documents.count() };
  }

  @OptionalAuth()
  @Get()
  list(@CurrentUser() caller?: Caller): Document[] {
    return this.documents.visibleTo(caller);
  }

  @Authenticated()
  @Delete(':id')
  remove(@Param('id', ParseIntPipe) id: number, @CurrentUser() caller: Caller): void {
    this.documents.remove(id, caller);
  }

  @Superuser()
  @Delete()
  removeAll(): void {
    this.documents.removeAll();
  }
  // #endregion
}
