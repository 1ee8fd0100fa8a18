import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@repo/database';
import { createTestApp, type TestApp, testToken } from '@repo/testing';
import { DepotConfig } from '../src/app.config.js';
import { AppModule } from '../src/app.module.js';
import { schema } from '../src/database/data-source.js';

const good = { /* sample.one */ };
// #if body.kb
const longest = { ...good, /* sample.longest */ };
// #endif
const owner = { id: 1, username: 'owner' };
const token = testToken(owner);
const somebody = testToken({ id: 2 });
const superuser = testToken({ id: 3, isSuperuser: true });
let app: TestApp;

beforeAll(async () => {
  app = await createTestApp(AppModule, DepotConfig, { schema });
});

afterAll(() => app.close());

const make = async (): Promise<{ id: number }> => (await app.api('POST /<gadget>', { token, body: good })).body;
const read = (id: number) => app.api(`GET /<gadget>/${id}`);
const idsOf = async (query = ''): Promise<number[]> =>
  (await app.api(`GET /<gadgets>${query}`)).body.data.map((row: { id: number }) => row.id);

describe('POST /<gadget>', () => {
  it('keeps it for the caller and answers it', async () => {
    const { status, body } = await app.api('POST /<gadget>', { token, body: good });

    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(Number),
      ...good,
      created_by_user_id: owner.id,
      created_at: expect.any(String),
    });
    expect((await read(body.id)).body).toEqual(body);
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
    const request = { token, body: good, headers: { 'Idempotency-Key': 'repeated-request' } };
    const first = await app.api('POST /<gadget>', request);

    expect(first.status).toBe(201);
    expect(await app.api('POST /<gadget>', request)).toMatchObject({ status: 201, body: first.body });
  });

  // #endif
  it('refuses a bad field, a field too many and a caller without a token', async () => {
    const post = (body: object, as?: string) => app.api('POST /<gadget>', { token: as, body });

    expect((await post({ ...good, /* first.name */: /* first.bad */ }, token)).body.errors).toMatchObject([
      { loc: ['body', '/* first.name */'], type: '/* first.code */' },
    ]);
    expect((await post({ ...good, id: 1 }, token)).body.errors).toMatchObject([{ type: 'extra_forbidden' }]);
    expect((await post(good)).status).toBe(401);
  });
});

describe('GET /<gadgets>', () => {
  it('shows a new one at once, by page and by cursor', async () => {
    await idsOf('?items_per_page=100');
    const { id } = await make();

    expect(await idsOf('?items_per_page=100')).toContain(id);
    expect(await idsOf('?items_per_page=100&cursor=')).toContain(id);
  });

  it('is filtered and sorted as asked', async () => {
    const { id } = await make();
    const later = await make();

    expect(await idsOf(`?id__gte=${id}&sort=-created_at`)).toEqual([later.id, id]);
    expect((await app.api('GET /<gadgets>?deleted_at=x')).status).toBe(422);
  });

  it('walks from page to page without a gap', async () => {
    await Promise.all([make(), make(), make()]);
    const all = await idsOf('?items_per_page=100');
    const walked: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await app.api(`GET /<gadgets>?items_per_page=2&cursor=${cursor}`);
      walked.push(...body.data.map((row: { id: number }) => row.id));
      cursor = body.next_cursor;
    }

    expect(walked).toEqual(all);
  });
});

describe('PATCH /<gadget>/{id}', () => {
  it('changes what was sent; the next read shows it', async () => {
    const row = await make();
    await read(row.id);
    const body = { /* first.name */: /* first.another */ };

    const answer = await app.api(`PATCH /<gadget>/${row.id}`, { token, body });

    expect(answer).toMatchObject({ status: 200, body: { message: '~Gadget~ updated' } });
    expect((await read(row.id)).body).toEqual({ ...row, ...body });
  });

  it('is for the owner', async () => {
    const { id } = await make();
    const patch = (as?: string) => app.api(`PATCH /<gadget>/${id}`, { token: as, body: {} });

    expect([(await patch(somebody)).status, (await patch()).status]).toEqual([403, 401]);
  });
});

describe('DELETE /<gadget>/{id}', () => {
  it('hides it and keeps its row; only the owner may', async () => {
    const { id } = await make();
    const remove = (as: string) => app.api(`DELETE /<gadget>/${id}`, { token: as });

    expect((await remove(somebody)).status).toBe(403);
    expect(await remove(token)).toMatchObject({ status: 200, body: { message: '~Gadget~ deleted' } });
    expect((await read(id)).status).toBe(404);
    expect(await idsOf('?items_per_page=100')).not.toContain(id);
    expect(await app.database.query('SELECT id FROM depot.<gadgets> WHERE id = $1', [id])).toHaveLength(1);
  });
});

describe('DELETE /db_<gadget>/{id}', () => {
  it('removes the row, deleted before or not; only superusers may', async () => {
    const { id } = await make();
    await app.api(`DELETE /<gadget>/${id}`, { token });
    const erase = (as: string) => app.api(`DELETE /db_<gadget>/${id}`, { token: as });

    expect((await erase(token)).status).toBe(403);
    expect((await erase(superuser)).status).toBe(200);
    expect((await erase(superuser)).status).toBe(404);
    expect(await app.database.query('SELECT id FROM depot.<gadgets> WHERE id = $1', [id])).toEqual([]);
  });
});

describe('a user who is erased', () => {
  it('leaves nothing behind, not even in a cache', async () => {
    const user = { id: 4, username: 'leaving' };
    const { body } = await app.api('POST /<gadget>', { token: testToken(user), body: good });
    await read(body.id);
    const snapshot = { ...user, isSuperuser: false, tierId: null, deleted: true, version: 2 };

    await app.nest.get(Database).transaction((tx) => tx.emit('user.hard-deleted', snapshot));

    expect((await read(body.id)).status).toBe(404);
    expect(await idsOf('?items_per_page=100')).not.toContain(body.id);
  });
});
