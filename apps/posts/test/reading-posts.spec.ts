import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uniqueName, badFields, type PostsApp, problem, startPosts } from './posts-app.js';

let app: PostsApp;

beforeAll(async () => {
  app = await startPosts();
});

afterAll(() => app.close());

describe('GET /{username}/posts', () => {
  it('returns the first ten posts in the order of their creation when the query is empty', async () => {
    const author = app.createAuthor();
    const created: number[] = [];
    for (let i = 0; i < 11; i++) created.push((await app.createPost(author)).id);

    const { status, body } = await app.api(`GET /${author.username}/posts`);

    expect(status).toBe(200);
    expect(body).toMatchObject({ total_count: 11, has_more: true, page: 1, items_per_page: 10 });
    expect(body.data.map(({ id }: { id: number }) => id)).toEqual(created.slice(0, 10));
  });

  it('returns an empty page for an author without posts', async () => {
    const { username } = app.createAuthor();

    const { status, body } = await app.api(`GET /${username}/posts`);

    expect(status).toBe(200);
    expect(body).toEqual({ data: [], total_count: 0, has_more: false, page: 1, items_per_page: 10 });
  });

  it('returns the requested page, and an empty page past the end', async () => {
    const author = app.createAuthor();
    const first = await app.createPost(author);
    const second = await app.createPost(author);

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

  it('returns each post once when the client follows the cursors', async () => {
    const author = app.createAuthor();
    const created: number[] = [];
    for (let i = 0; i < 5; i++) created.push((await app.createPost(author)).id);

    const listed: number[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 5; pages++) {
      const { body }: { body: any } = await app.api(
        `GET /${author.username}/posts?items_per_page=2&cursor=${cursor}`,
      );
      expect(Object.keys(body).toSorted()).toEqual(['data', 'has_more', 'next_cursor']);
      expect(body.has_more).toBe(body.next_cursor !== null);
      listed.push(...body.data.map(({ id }: { id: number }) => id));
      cursor = body.next_cursor;
    }

    expect(listed).toEqual(created);
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
  ])('returns 422 for ?%s', async (query, field) => {
    const { username } = app.createAuthor();

    const response = await app.api(`GET /${username}/posts?${query}`);

    expect(response.status).toBe(422);
    expect(badFields(response)).toEqual([field]);
  });

  it('omits deleted posts and posts of other authors', async () => {
    const author = app.createAuthor();
    const live = await app.createPost(author);
    const deleted = await app.createPost(author);
    await app.createPost(app.createAuthor());
    await app.api(`DELETE /${author.username}/post/${deleted.id}`, { token: author.token });

    const { body } = await app.api(`GET /${author.username}/posts`);

    expect(body).toMatchObject({ data: [live], total_count: 1 });
  });

  it('returns 404 for an unknown username', async () => {
    const response = await app.api(`GET /${uniqueName()}/posts`);

    expect(response).toMatchObject(problem(404, 'User not found'));
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('allows clients to cache the list, and returns 304 while it is unchanged', async () => {
    const author = app.createAuthor();
    await app.createPost(author);

    const first = await app.api(`GET /${author.username}/posts`);
    const etag = first.headers.get('etag')!;
    const again = await app.api(`GET /${author.username}/posts`, { headers: { 'If-None-Match': etag } });
    await app.createPost(author);
    const changed = await app.api(`GET /${author.username}/posts`, { headers: { 'If-None-Match': etag } });

    expect(first.headers.get('cache-control')).toBe('public, no-cache');
    expect(again).toMatchObject({ status: 304, text: '' });
    expect(again.headers.get('etag')).toBe(etag);
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  it('returns the same with a trailing slash, and supports HEAD', async () => {
    const author = app.createAuthor();
    await app.createPost(author);

    const plain = await app.api(`GET /${author.username}/posts`);
    const slashed = await app.api(`GET /${author.username}/posts/`);
    const head = await app.api(`HEAD /${author.username}/posts`);

    expect(slashed).toMatchObject({ status: 200, text: plain.text });
    expect(head).toMatchObject({ status: 200, text: '' });
  });
});

describe('GET /{username}/post/{id}', () => {
  it('returns a post of the author', async () => {
    const author = app.createAuthor();
    const post = await app.createPost(author, { media_url: 'https://example.com/cat.png' });

    const { status, body, headers } = await app.api(`GET /${author.username}/post/${post.id}`);

    expect(status).toBe(200);
    expect(body).toEqual(post);
    expect(headers.get('cache-control')).toBe('public, no-cache');
    expect(headers.get('etag')).toBeTruthy();
  });

  it('returns 304 when the client has the current ETag', async () => {
    const author = app.createAuthor();
    const { id } = await app.createPost(author);
    const { headers } = await app.api(`GET /${author.username}/post/${id}`);

    const response = await app.api(`GET /${author.username}/post/${id}`, {
      headers: { 'If-None-Match': headers.get('etag')! },
    });

    expect(response).toMatchObject({ status: 304, text: '' });
  });

  it('returns the cached post and the cached list on the second read', async () => {
    const author = app.createAuthor();
    const post = await app.createPost(author);
    const read = async () => [
      (await app.api(`GET /${author.username}/post/${post.id}`)).body,
      (await app.api(`GET /${author.username}/posts`)).body.data[0],
    ];
    await read();

    await app.database.query(`UPDATE posts.posts SET title = 'Changed without an event' WHERE id = $1`, [
      post.id,
    ]);

    expect(await read()).toEqual([post, post]);
  });

  it('returns a cached post with the same headers, except the date, and the request id of each request', async () => {
    const author = app.createAuthor();
    const { id } = await app.createPost(author);
    const read = async (requestId: string) => {
      const response = await app.api(`GET /${author.username}/post/${id}`, {
        headers: { 'X-Request-Id': requestId },
      });
      const { date: _, ...headers } = Object.fromEntries(response.headers);
      return { status: response.status, text: response.text, headers };
    };

    const [loaded, cached] = [await read('first-request'), await read('second-request')];

    expect(loaded.headers['x-request-id']).toBe('first-request');
    expect(cached).toEqual({ ...loaded, headers: { ...loaded.headers, 'x-request-id': 'second-request' } });
  });

  it('returns 404 for the post of another author, a deleted and an unknown post', async () => {
    const author = app.createAuthor();
    const foreign = await app.createPost(app.createAuthor());
    const deleted = await app.createPost(author);
    await app.api(`DELETE /${author.username}/post/${deleted.id}`, { token: author.token });

    for (const id of [foreign.id, deleted.id, 2_147_483_647]) {
      expect(await app.api(`GET /${author.username}/post/${id}`)).toMatchObject(
        problem(404, 'Post not found'),
      );
    }
  });

  it('returns 404 for an unknown username', async () => {
    expect(await app.api(`GET /${uniqueName()}/post/1`)).toMatchObject(problem(404, 'User not found'));
  });

  it.each(['abc', '1.5', '0x10', '%2B1'])('returns 422 for the id %s', async (id) => {
    const { username } = app.createAuthor();

    const response = await app.api(`GET /${username}/post/${id}`);

    expect(response.status).toBe(422);
    expect(badFields(response)).toEqual(['path.id int_parsing']);
  });

  it('returns 405 with the allowed methods for another method', async () => {
    const { username } = app.createAuthor();

    const response = await app.api(`PUT /${username}/post/1`, { body: {} });

    expect(response).toMatchObject(problem(405, 'Method Not Allowed'));
    expect(response.headers.get('allow')?.split(', ').toSorted()).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH']);
  });
});

describe('while the users service is unavailable', () => {
  it('reads and creates posts of authors who are cached', async () => {
    const author = app.createAuthor();
    const post = await app.createPost(author);

    app.users.unavailable = true;
    try {
      expect(await app.api(`GET /${author.username}/posts`)).toMatchObject({
        status: 200,
        body: { data: [post] },
      });
      expect(await app.api(`GET /${author.username}/post/${post.id}`)).toMatchObject({
        status: 200,
        body: post,
      });
      expect(await app.createPost(author)).toHaveProperty('id');
    } finally {
      app.users.unavailable = false;
    }
  });

  it('returns 503 with Retry-After for a username that is not cached, and 200 when the service is available again', async () => {
    const { username } = app.createAuthor();

    app.users.unavailable = true;
    const response = await app.api(`GET /${username}/posts`);
    app.users.unavailable = false;

    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await app.api(`GET /${username}/posts`)).toMatchObject({ status: 200 });
  });
});
