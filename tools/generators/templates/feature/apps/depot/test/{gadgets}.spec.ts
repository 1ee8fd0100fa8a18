import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@repo/database';
import { createTestApp, type TestApp, testToken } from '@repo/testing';
import { DepotConfig } from '../src/app.config.js';
import { AppModule } from '../src/app.module.js';
import { schema } from '../src/database/data-source.js';

const valid = { /* sample.one */ };
// #if body.kb
const longest = { ...valid, /* sample.longest */ };
// #endif
const owner = { id: 1, username: 'owner' };
const token = testToken(owner);
const other = testToken({ id: 2 });
const superuser = testToken({ id: 3, isSuperuser: true });
let app: TestApp;

beforeAll(async () => {
  app = await createTestApp(AppModule, DepotConfig, { schema });
});

afterAll(() => app.close());

const create = async (): Promise<{ id: number }> => (await app.api('POST /<gadget>', { token, body: valid })).body;
const read = (id: number) => app.api(`GET /<gadget>/${id}`);
const idsOf = async (query = ''): Promise<number[]> =>
  (await app.api(`GET /<gadgets>${query}`)).body.data.map((row: { id: number }) => row.id);

describe('POST /<gadget>', () => {
  it('creates a row that belongs to the caller', async () => {
    const { status, body } = await app.api('POST /<gadget>', { token, body: valid });

    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(Number),
      ...valid,
      created_by_user_id: owner.id,
      created_at: expect.any(String),
    });
    expect((await read(body.id)).body).toEqual(body);
  });

  it('shows a row whose id was read before', async () => {
    const { id } = await create();
    expect((await read(id + 1)).status).toBe(404);

    expect(await create()).toMatchObject({ id: id + 1 });

    expect((await read(id + 1)).status).toBe(200);
  });

  // #if body.kb
  it('accepts the longest valid one', async () => {
    const { status, body } = await app.api('POST /<gadget>', { token, body: longest });

    expect(status).toBe(201);
    expect(body).toMatchObject(longest);
  });

  // #endif
  // #if idempotent
  it('creates one when a request is repeated with its Idempotency-Key', async () => {
    const request = { token, body: valid, headers: { 'Idempotency-Key': 'repeated-request' } };
    const first = await app.api('POST /<gadget>', request);

    expect(first.status).toBe(201);
    expect(await app.api('POST /<gadget>', request)).toMatchObject({ status: 201, body: first.body });
  });

  // #endif
  it('refuses an invalid field, an unknown field and a caller without a token', async () => {
    const post = (body: object, as?: string) => app.api('POST /<gadget>', { token: as, body });

    expect((await post({ ...valid, /* first.name */: /* first.bad */ }, token)).body.errors).toMatchObject([
      { loc: ['body', '/* first.name */'], type: '/* first.code */' },
    ]);
    expect((await post({ ...valid, id: 1 }, token)).body.errors).toMatchObject([{ type: 'extra_forbidden' }]);
    expect((await post(valid)).status).toBe(401);
  });
});

describe('GET /<gadgets>', () => {
  it('has a new row immediately, by page and by cursor', async () => {
    await idsOf('?items_per_page=100');
    const { id } = await create();

    expect(await idsOf('?items_per_page=100')).toContain(id);
    expect(await idsOf('?items_per_page=100&cursor=')).toContain(id);
  });

  it('filters and sorts', async () => {
    const { id } = await create();
    const later = await create();

    expect(await idsOf(`?id__gte=${id}&sort=-created_at`)).toEqual([later.id, id]);
    expect((await app.api('GET /<gadgets>?deleted_at=x')).status).toBe(422);
  });

  it('has every row once when a client follows the cursors', async () => {
    await Promise.all([create(), create(), create()]);
    const all = await idsOf('?items_per_page=100');
    const followed: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await app.api(`GET /<gadgets>?items_per_page=2&cursor=${cursor}`);
      followed.push(...body.data.map((row: { id: number }) => row.id));
      cursor = body.next_cursor;
    }

    expect(followed).toEqual(all);
  });
});

describe('PATCH /<gadget>/{id}', () => {
  it('changes the fields in the request, and the next read has them', async () => {
    const row = await create();
    await read(row.id);
    const body = { /* first.name */: /* first.another */ };

    const response = await app.api(`PATCH /<gadget>/${row.id}`, { token, body });

    expect(response).toMatchObject({ status: 200, body: { message: '~Gadget~ updated' } });
    expect((await read(row.id)).body).toEqual({ ...row, ...body });
  });

  it('refuses callers who are not the owner', async () => {
    const { id } = await create();
    const patch = (as?: string) => app.api(`PATCH /<gadget>/${id}`, { token: as, body: {} });

    expect([(await patch(other)).status, (await patch()).status]).toEqual([403, 401]);
  });
});

describe('DELETE /<gadget>/{id}', () => {
  it('hides the row from reads and keeps it in the table, for the owner only', async () => {
    const { id } = await create();
    const softDelete = (as: string) => app.api(`DELETE /<gadget>/${id}`, { token: as });

    expect((await softDelete(other)).status).toBe(403);
    expect(await softDelete(token)).toMatchObject({ status: 200, body: { message: '~Gadget~ deleted' } });
    expect((await read(id)).status).toBe(404);
    expect(await idsOf('?items_per_page=100')).not.toContain(id);
    expect(await app.database.query('SELECT id FROM depot.<gadgets> WHERE id = $1', [id])).toHaveLength(1);
  });
});

describe('DELETE /db_<gadget>/{id}', () => {
  it('deletes the row for superusers only, soft-deleted or not', async () => {
    const { id } = await create();
    await app.api(`DELETE /<gadget>/${id}`, { token });
    const hardDelete = (as: string) => app.api(`DELETE /db_<gadget>/${id}`, { token: as });

    expect((await hardDelete(token)).status).toBe(403);
    expect((await hardDelete(superuser)).status).toBe(200);
    expect((await hardDelete(superuser)).status).toBe(404);
    expect(await app.database.query('SELECT id FROM depot.<gadgets> WHERE id = $1', [id])).toEqual([]);
  });
});

describe('the event user.hard-deleted', () => {
  it('deletes the rows of the user, and their cached responses', async () => {
    const user = { id: 4, username: 'leaving' };
    const { body } = await app.api('POST /<gadget>', { token: testToken(user), body: valid });
    await read(body.id);
    const snapshot = { ...user, isSuperuser: false, tierId: null, deleted: true, version: 2 };

    await app.nest.get(Database).transaction((tx) => tx.emit('user.hard-deleted', snapshot));

    expect((await read(body.id)).status).toBe(404);
    expect(await idsOf('?items_per_page=100')).not.toContain(body.id);
  });
});
