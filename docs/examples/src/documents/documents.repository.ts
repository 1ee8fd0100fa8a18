import { Injectable } from '@nestjs/common';

export interface Document {
  id: number;
  ownerId: number;
  draft: boolean;
}

/** In memory, in place of a table. */
@Injectable()
export class DocumentsRepository {
  private rows: Document[] = [];

  all(): Document[] {
    return this.rows;
  }

  insert(document: Document): void {
    this.rows.push(document);
  }

  delete(id: number): void {
    this.rows = this.rows.filter((document) => document.id !== id);
  }
}
