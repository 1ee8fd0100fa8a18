import { Injectable } from '@nestjs/common';
import { type Caller, NotFoundError, NotOwnerError } from '@repo/core';
import { type Document, DocumentsRepository } from './documents.repository.js';

@Injectable()
export class DocumentsService {
  constructor(private readonly documents: DocumentsRepository) {}

  count(): number {
    return this.documents.all().length;
  }

  // #region visible
  /** Drafts are visible to their owner only. */
  visibleTo(caller: Caller | undefined): Document[] {
    return this.documents.all().filter(({ draft, ownerId }) => !draft || ownerId === caller?.id);
  }
  // #endregion

  // #region owned
  remove(id: number, caller: Caller): void {
    this.documents.delete(this.getOwned(id, caller).id);
  }

  private getOwned(id: number, caller: Caller): Document {
    const document = this.documents.all().find((row) => row.id === id);
    if (!document) throw new NotFoundError('Document not found');
    if (document.ownerId !== caller.id) throw new NotOwnerError();
    return document;
  }
  // #endregion

  removeAll(): void {
    for (const { id } of this.documents.all()) this.documents.delete(id);
  }
}
