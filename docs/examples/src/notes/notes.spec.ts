import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ValidationPipe } from '@repo/service';
import { createTestTables, type TestTables } from '@repo/testing';
import { ListNotesQuery } from './note.dto.js';
import { Note } from './note.entity.js';
import { NoteQueries } from './note-queries.js';
import { Notebook } from './notebook.entity.js';
import { NotesRepository } from './notes.repository.js';
import { NotesService } from './notes.service.js';

const OWNER = 7;
const day = (date: string) => new Date(`${date}T00:00:00.000Z`);

describe('notes', () => {
  let tables: TestTables;
  let service: NotesService;
  let repository: NotesRepository;
  let queries: NoteQueries;

  beforeAll(async () => {
    tables = await createTestTables([Note, Notebook]);
    repository = new NotesRepository(tables.database);
    service = new NotesService(repository, tables.database);
    queries = new NoteQueries(tables.database);
  });
  beforeEach(async () => {
    await tables.dataSource.query('TRUNCATE test.notes, test.notebooks RESTART IDENTITY');
    const { id: notebookId } = await tables.database.table(Notebook).insert({ title: 'Home' });
    const notes = tables.database.table(Note);
    await notes.insert({ ownerId: OWNER, slug: 'a', body: 'A', dueAt: day('2026-01-01'), notebookId });
    await notes.insert({ ownerId: OWNER, slug: 'b', body: 'B', dueAt: day('2026-01-02') });
    await notes.insert({ ownerId: OWNER, slug: 'c', body: 'C' });
    await notes.insert({ ownerId: 8, slug: 'd', body: 'D', dueAt: day('2026-01-01') });
  });
  afterAll(() => tables.drop());

  const slugs = (found: { slug: string }[]) => found.map(({ slug }) => slug);

  /** The validated query, as the service receives it. */
  const parsed = (query: object) =>
    new ValidationPipe().transform(query, {
      type: 'query',
      metatype: ListNotesQuery,
    }) as Promise<ListNotesQuery>;

  it('filters, sorts and pages, and refuses undeclared filters', async () => {
    const query = await parsed({
      due_at__gte: '2026-01-01',
      sort: '-due_at',
      cursor: '',
      items_per_page: '1',
    });

    const first = await repository.findPage(OWNER, query);
    const second = await repository.findPage(OWNER, { ...query, cursor: (first as any).next_cursor });

    expect(slugs(first.data)).toEqual(['b']);
    expect(slugs(second.data)).toEqual(['a']);
    await expect(parsed({ body__like: '%' })).rejects.toMatchObject({ status: 422 });
  });

  it('finds and counts by conditions', async () => {
    expect(slugs(await queries.findOverdue(OWNER, day('2026-01-03')))).toEqual(['b', 'a']);
    expect(await queries.isSlugTaken('a')).toBe(true);
    expect(await queries.countWithoutNotebook(OWNER)).toBe(2);
    expect(await queries.countByDay(OWNER)).toEqual([
      { day: '2026-01-01', count: '1' },
      { day: '2026-01-02', count: '1' },
    ]);
  });

  it('joins the notebook', async () => {
    expect((await queries.findWithNotebook('a'))?.notebook?.title).toBe('Home');
    expect((await queries.findWithNotebook('b'))?.notebook).toBeNull();
  });

  it('replaces a note, or changes nothing when the new one is refused', async () => {
    await expect(service.replace(OWNER, 1, { slug: 'b', body: 'taken' })).rejects.toThrow();
    expect(await repository.findOfOwner(OWNER, 1)).toMatchObject({ slug: 'a' });

    const next = await service.replace(OWNER, 1, { slug: 'e', body: 'E' });

    expect(next).toMatchObject({ slug: 'e', notebookId: null, deletedAt: null });
    expect(await repository.findOfOwner(OWNER, 1)).toBeNull();
  });

  it('refuses a slug that is taken', async () => {
    await expect(service.create({ ownerId: 8, slug: 'a', body: '' })).rejects.toMatchObject({
      status: 422,
      detail: 'Slug not available',
    });
  });
});
