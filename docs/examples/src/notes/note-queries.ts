import type { Database, Table } from '@repo/database';
import { Note } from './note.entity.js';

/** Queries with operators, joins and a query builder. */
export class NoteQueries {
  private readonly notes: Table<Note>;

  constructor(database: Database) {
    this.notes = database.table(Note);
  }

  // #region conditions
  findOverdue(ownerId: number, now: Date) {
    return this.notes.findMany({ ownerId, dueAt__lt: now }, { sort: '-dueAt', limit: 20 });
  }

  isSlugTaken(slug: string) {
    return this.notes.exists({ slug }, { withDeleted: true });
  }

  countWithoutNotebook(ownerId: number) {
    return this.notes.count({ ownerId, notebookId__is_null: true });
  }
  // #endregion

  // #region join
  /** `note.notebook` is a notebook, or null. */
  findWithNotebook(slug: string): Promise<Note | null> {
    return this.notes
      .query('note')
      .leftJoinAndSelect('note.notebook', 'notebook')
      .where('note.slug = :slug', { slug })
      .getOne();
  }
  // #endregion

  // #region query
  /** The number of notes due on each day. */
  countByDay(ownerId: number): Promise<{ day: string; count: string }[]> {
    return this.notes
      .query('note')
      .select([`to_char(note.due_at, 'YYYY-MM-DD') AS day`, 'count(*) AS count'])
      .where('note.owner_id = :ownerId AND note.due_at IS NOT NULL', { ownerId })
      .groupBy('day')
      .orderBy('day')
      .getRawMany();
  }
  // #endregion
}
