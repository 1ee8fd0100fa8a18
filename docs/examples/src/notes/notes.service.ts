import { Injectable } from '@nestjs/common';
import { NotFoundError, UnprocessableError } from '@repo/core';
import { Database, violates } from '@repo/database';
import type { Note } from './note.entity.js';
import { NotesRepository } from './notes.repository.js';

@Injectable()
export class NotesService {
  constructor(
    private readonly notes: NotesRepository,
    private readonly database: Database,
  ) {}

  // #region transaction
  /** Replaces a note by another in one transaction. */
  async replace(ownerId: number, id: number, next: Pick<Note, 'slug' | 'body'>): Promise<Note> {
    const note = await this.notes.findOfOwner(ownerId, id);
    if (!note) throw new NotFoundError('Note not found');
    return this.database.transaction(async (tx) => {
      await this.notes.softDelete(note.id, tx);
      return this.notes.insert({ ownerId, ...next }, tx);
    });
  }
  // #endregion

  // #region violation
  async create(note: Pick<Note, 'ownerId' | 'slug' | 'body'>): Promise<Note> {
    try {
      return await this.database.transaction((tx) => this.notes.insert(note, tx));
    } catch (error) {
      if (violates(error, 'uq_notes_slug')) throw new UnprocessableError('Slug not available');
      throw error;
    }
  }
  // #endregion
}
