import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aName, badFields, type PostsApp, problem, startPosts } from './posts-app.js';

let app: PostsApp;

beforeAll(async () => {
  app = await startPosts();
});

afterAll(() => app.close());

describe('GET /{username}/posts', () => {
  it('answers the first ten posts in the order they were written', async () => {
    const author = app.anAuthor();
    const written: number[] = [];
    for (let i = 0; i < 11; i++) written.push((await app.aPost(author)).id);

    const { status, body } = await app.api(`GET /${author.username}/posts`);

    expect(status).toBe(200);
    expect(body).toMatchObject({ total_count: 11, has_more: true, page: 1, items_per_page: 10 });
    expect(body.data.map(({ id }: { id: number }) => id)).toEqual(written.slice(0, 10));
  });

  it('answers an empty page to an author who has not written yet', async () => {
    const { username } = app.anAuthor();

    const { status, body } = await app.api(`GET /${username}/posts`);

    expect(status).toBe(200);
    expect(body).toEqual({ data: [], total_count: 0, has_more: false, page: 1, items_per_page: 10 });
  });

  it('answers the page that is asked for, and an empty one past the end', async () => {
    const author = app.anAuthor();
    const first = await app.aPost(author);
    const second = await app.aPost(author);

    const last = await app.api(`GET /${author.username}/posts?page=2&items_per_page=1`);
    const past = await app.api(`GET /${author.username}/posts?page=3&items_per_page=1`);

    expect(last.body).toEqual({
      data: [second],
      total_count: 2,
      has_more: false,
      page: 2,
      items_per_page: 1,
    });
    expect(past).toMatchObject({ status: 200, body: { data: [], total_count: 2, has_more: false, page: 3 } });
    expect(last.body.data).not.toContainEqual(first);
  });

  it('walks by cursor over all posts, each once', async () => {
    const author = app.anAuthor();
    const written: number[] = [];
    for (let i = 0; i < 5; i++) written.push((await app.aPost(author)).id);

    const walked: number[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 5; pages++) {
      const { body }: { body: any } = await app.api(
        `GET /${author.username}/posts?items_per_page=2&cursor=${cursor}`,
      );
      expect(Object.keys(body).toSorted()).toEqual(['data', 'has_more', 'next_cursor']);
      expect(body.has_more).toBe(body.next_cursor !== null);
      walked.push(...body.data.map(({ id }: { id: number }) => id));
      cursor = body.next_cursor;
    }

    expect(walked).toEqual(written);
  });

  it.each([
    ['page=0', 'query.page greater_than_equal'],
    ['page=x', 'query.page int_parsing'],
    ['page=1.5', 'query.page int_parsing'],
    ['page=2147483648', 'query.page int_parsing'],
    ['items_per_page=0', 'query.items_per_page greater_than_equal'],
    ['items_per_page=101', 'query.items_per_page less_than_equal'],
    ['cursor=nonsense', 'query.cursor value_error'],
    ['cursor=&page=1', 'query.cursor value_error'],
  ])('refuses ?%s', async (query, field) => {
    const { username } = app.anAuthor();

    const answer = await app.api(`GET /${username}/posts?${query}`);

    expect(answer.status).toBe(422);
    expect(badFields(answer)).toEqual([field]);
  });

  it('does not show deleted posts, nor posts of others', async () => {
    const author = app.anAuthor();
    const kept = await app.aPost(author);
    const deleted = await app.aPost(author);
    await app.aPost(app.anAuthor());
    await app.api(`DELETE /${author.username}/post/${deleted.id}`, { token: author.token });

    const { body } = await app.api(`GET /${author.username}/posts`);

    expect(body).toMatchObject({ data: [kept], total_count: 1 });
  });

  it('refuses the name of nobody', async () => {
    const answer = await app.api(`GET /${aName()}/posts`);

    expect(answer).toMatchObject(problem(404, 'User not found'));
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('may be kept by clients, and answers 304 to those that kept it', async () => {
    const author = app.anAuthor();
    await app.aPost(author);

    const first = await app.api(`GET /${author.username}/posts`);
    const etag = first.headers.get('etag')!;
    const again = await app.api(`GET /${author.username}/posts`, { headers: { 'If-None-Match': etag } });
    await app.aPost(author);
    const changed = await app.api(`GET /${author.username}/posts`, { headers: { 'If-None-Match': etag } });

    expect(first.headers.get('cache-control')).toBe('public, max-age=60');
    expect(again).toMatchObject({ status: 304, text: '' });
    expect(again.headers.get('etag')).toBe(etag);
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  it('is the same resource with a trailing slash, and answers HEAD', async () => {
    const author = app.anAuthor();
    await app.aPost(author);

    const plain = await app.api(`GET /${author.username}/posts`);
    const slashed = await app.api(`GET /${author.username}/posts/`);
    const head = await app.api(`HEAD /${author.username}/posts`);

    expect(slashed).toMatchObject({ status: 200, text: plain.text });
    expect(head).toMatchObject({ status: 200, text: '' });
  });
});

describe('GET /{username}/post/{id}', () => {
  it('answers a post of the author', async () => {
    const author = app.anAuthor();
    const post = await app.aPost(author, { media_url: 'https://example.com/cat.png' });

    const { status, body, headers } = await app.api(`GET /${author.username}/post/${post.id}`);

    expect(status).toBe(200);
    expect(body).toEqual(post);
    expect(headers.get('cache-control')).toBe('public, max-age=60');
    expect(headers.get('etag')).toBeTruthy();
  });

  it('answers 304 to a client that has it', async () => {
    const author = app.anAuthor();
    const { id } = await app.aPost(author);
    const { headers } = await app.api(`GET /${author.username}/post/${id}`);

    const answer = await app.api(`GET /${author.username}/post/${id}`, {
      headers: { 'If-None-Match': headers.get('etag')! },
    });

    expect(answer).toMatchObject({ status: 304, text: '' });
  });

  it('is answered from the cache the second time, and so is the list', async () => {
    const author = app.anAuthor();
    const post = await app.aPost(author);
    const read = async () => [
      (await app.api(`GET /${author.username}/post/${post.id}`)).body,
      (await app.api(`GET /${author.username}/posts`)).body.data[0],
    ];
    await read();

    await app.database.query(`UPDATE posts.posts SET title = 'Nobody was told' WHERE id = $1`, [post.id]);

    expect(await read()).toEqual([post, post]);
  });

  it("refuses another owner's, a deleted and an unknown post alike", async () => {
    const author = app.anAuthor();
    const foreign = await app.aPost(app.anAuthor());
    const deleted = await app.aPost(author);
    await app.api(`DELETE /${author.username}/post/${deleted.id}`, { token: author.token });

    for (const id of [foreign.id, deleted.id, 2_147_483_647]) {
      expect(await app.api(`GET /${author.username}/post/${id}`)).toMatchObject(
        problem(404, 'Post not found'),
      );
    }
  });

  it('refuses the name of nobody', async () => {
    expect(await app.api(`GET /${aName()}/post/1`)).toMatchObject(problem(404, 'User not found'));
  });

  it.each(['abc', '1.5', '0x10', '%2B1'])('refuses the id %s', async (id) => {
    const { username } = app.anAuthor();

    const answer = await app.api(`GET /${username}/post/${id}`);

    expect(answer.status).toBe(422);
    expect(badFields(answer)).toEqual(['path.id int_parsing']);
  });

  it('answers a method that it does not have with those it has', async () => {
    const { username } = app.anAuthor();

    const answer = await app.api(`PUT /${username}/post/1`, { body: {} });

    expect(answer).toMatchObject(problem(405, 'Method Not Allowed'));
    expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH']);
  });
});

describe('while the users service is away', () => {
  it('posts of authors who are known stay readable and writable', async () => {
    const author = app.anAuthor();
    const post = await app.aPost(author);

    app.users.away = true;
    try {
      expect(await app.api(`GET /${author.username}/posts`)).toMatchObject({
        status: 200,
        body: { data: [post] },
      });
      expect(await app.api(`GET /${author.username}/post/${post.id}`)).toMatchObject({
        status: 200,
        body: post,
      });
      expect(await app.aPost(author)).toHaveProperty('id');
    } finally {
      app.users.away = false;
    }
  });

  it('a name that is not known yet is 503 with a time to come again, and found when the service is back', async () => {
    const { username } = app.anAuthor();

    app.users.away = true;
    const answer = await app.api(`GET /${username}/posts`);
    app.users.away = false;

    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await app.api(`GET /${username}/posts`)).toMatchObject({ status: 200 });
  });
});
