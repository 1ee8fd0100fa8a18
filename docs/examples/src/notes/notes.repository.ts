import { Injectable } from '@nestjs/common';
import type { Page } from '@repo/contracts';
import { type ColumnsOf, Database, type Table, type Transaction } from '@repo/database';
import { type ListNotesQuery, NoteRead } from './note.dto.js';
import { Note } from './note.entity.js';

@Injectable()
export class NotesRepository {
  private readonly notes: Table<Note>;

  constructor(database: Database) {
    this.notes = database.table(Note);
  }

  findOfOwner(ownerId: number, id: number): Promise<Note | null> {
    return this.notes.findOne({ ownerId, id });
  }

  findPage(ownerId: number, query: ListNotesQuery): Promise<Page<ColumnsOf<Note, NoteRead>>> {
    return this.notes.findPage(query, { select: NoteRead, where: { ownerId } });
  }

  insert(note: Pick<Note, 'ownerId' | 'slug' | 'body'>, tx: Transaction): Promise<Note> {
    return this.notes.in(tx).insert(note);
  }

  async softDelete(id: number, tx: Transaction): Promise<void> {
    await this.notes.in(tx).softDelete({ id });
  }
}
