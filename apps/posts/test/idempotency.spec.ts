import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Database } from '@repo/database';
import { Idempotency } from '@repo/service/idempotency';
import type { ApiAnswer, TestReplica } from '@repo/testing';
import { type PostsApp, startPosts, type TestAuthor } from './posts-app.js';

const BODY = { title: 'Once', text: 'One post.' };

let app: PostsApp;
let other: TestReplica;

const post = (
  author: TestAuthor,
  key: string,
  { body = BODY, at = app }: { body?: object; at?: Pick<TestReplica, 'api'> } = {},
): Promise<ApiAnswer> =>
  at.api(`POST /${author.username}/post`, { token: author.token, body, headers: { 'Idempotency-Key': key } });

const countOf = async (author: TestAuthor) =>
  (await app.api(`GET /${author.username}/posts`)).body.total_count as number;

const ageKeys = (hours: number) =>
  app.database.query(
    `UPDATE posts.idempotency_keys SET created_at = now() - make_interval(hours => ${hours})`,
  );

/** Replaces the end of the next transaction: `end` decides whether it commits, and then rejects. */
function replaceNextTransaction(end: (commit: () => Promise<unknown>) => Promise<never>): void {
  const database = app.nest.get(Database);
  const transaction = database.transaction.bind(database);
  jest.spyOn(database, 'transaction').mockImplementationOnce((work) => end(() => transaction(work)));
}

describe('POST /{username}/post with an Idempotency-Key', () => {
  beforeAll(async () => {
    app = await startPosts();
    other = await app.replica();
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(async () => {
    await other.close();
    await app.close();
  });

  it('returns the first response again and stores one post when the request is repeated', async () => {
    const author = app.createAuthor();

    const first = await post(author, 'a-key');
    const again = await post(author, 'a-key');

    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(await countOf(author)).toBe(1);
  });

  it('stores one post for twenty simultaneous requests to two replicas', async () => {
    const author = app.createAuthor();
    await app.createPost(author);
    const key = randomUUID();

    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, i) => post(author, key, { at: i % 2 ? app : other })),
    );

    expect(new Set(responses.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(responses[0]!.status).toBe(201);
    expect(await countOf(author)).toBe(2);
  });

  it('returns the first response from another replica', async () => {
    const author = app.createAuthor();
    const key = randomUUID();

    const first = await post(author, key);
    const again = await post(author, key, { at: other });

    expect(again.text).toBe(first.text);
  });

  it('returns 422 for the same key with another body or another query', async () => {
    const author = app.createAuthor();
    const key = randomUUID();
    await post(author, key);

    const responses = [await post(author, key, { body: { ...BODY, title: 'Twice' } })];
    responses.push(
      await app.api(`POST /${author.username}/post?x=1`, {
        token: author.token,
        body: BODY,
        headers: { 'Idempotency-Key': key },
      }),
    );

    for (const { status, body } of responses)
      expect({ status, detail: body.detail }).toEqual({
        status: 422,
        detail: 'This Idempotency-Key was used for another request.',
      });
    expect(await countOf(author)).toBe(1);
  });

  it('stores one post for each caller when two callers use the same key', async () => {
    const [one, another] = [app.createAuthor(), app.createAuthor()];
    const key = randomUUID();

    expect((await post(one, key)).status).toBe(201);
    expect((await post(another, key)).status).toBe(201);

    expect(await countOf(another)).toBe(1);
  });

  it('stores the post when the request is repeated after a rollback', async () => {
    const author = app.createAuthor();
    const key = randomUUID();
    replaceNextTransaction(() => Promise.reject(new Error('The transaction failed')));

    expect((await post(author, key)).status).toBe(500);
    expect(await countOf(author)).toBe(0);
    expect((await post(author, key)).status).toBe(201);
    expect(await countOf(author)).toBe(1);
  });

  it('returns the saved response when the connection is lost after the commit', async () => {
    const author = app.createAuthor();
    const key = randomUUID();
    replaceNextTransaction(async (commit) => {
      await commit();
      throw new Error('Connection terminated unexpectedly');
    });

    const first = await post(author, key);
    const again = await post(author, key);

    expect(first.status).toBe(201);
    expect(again.text).toBe(first.text);
    expect(await countOf(author)).toBe(1);
  });

  it('accepts the key again after a request that returned 422', async () => {
    const author = app.createAuthor();
    const key = randomUUID();

    expect((await post(author, key, { body: { title: '', text: '' } })).status).toBe(422);
    expect((await post(author, key)).status).toBe(201);
  });

  it('returns 409 while a request with the key is in progress', async () => {
    const author = app.createAuthor();
    const key = randomUUID();
    await app.createPost(author);
    let finish!: () => void;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const database = app.nest.get(Database);
    const transaction = database.transaction.bind(database);
    jest.spyOn(database, 'transaction').mockImplementationOnce(async (work) => {
      await finished;
      return transaction(work);
    });

    const first = post(author, key);
    const { status, body, headers } = await post(author, key);
    finish();

    expect({ status, detail: body.detail }).toEqual({
      status: 409,
      detail: 'A request with this Idempotency-Key is in progress.',
    });
    expect(headers.get('retry-after')).toBe('1');
    expect((await first).status).toBe(201);
  });

  it('returns the saved response for 24 hours, and stores another post after that', async () => {
    const author = app.createAuthor();
    const key = randomUUID();
    const first = await post(author, key);

    await ageKeys(23);
    expect((await post(author, key)).text).toBe(first.text);
    await ageKeys(25);
    expect((await post(author, key)).body.id).not.toBe(first.body.id);
    await ageKeys(25);
    await app.nest.get(Idempotency).prune();
    expect(await app.database.query('SELECT FROM posts.idempotency_keys')).toEqual([]);
  });

  it.each([['"open'], ['two words'], ['k'.repeat(256)]])(
    'returns 400 for the malformed key %s',
    async (key) => {
      const { status, body } = await post(app.createAuthor(), key);

      expect({ status, detail: body.detail }).toEqual({
        status: 400,
        detail: 'The Idempotency-Key should be 1 to 255 visible characters, such as a UUID.',
      });
    },
  );
});
