import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReplicaBus } from '@repo/messaging';
import { testToken } from '@repo/testing';
import { uniqueName, badFields, type PostsApp, problem, startPosts, superuserToken } from './posts-app.js';

let app: PostsApp;
const FORBIDDEN = 'Request forbidden -- authorization will not help';

beforeAll(async () => {
  app = await startPosts();
});

afterAll(() => app.close());

/** Array that receives the id of every post whose `post.created` is published. */
function createdPosts(): number[] {
  const ids: number[] = [];
  app.nest.get(ReplicaBus).listen<{ data: { id: number } }>('event.post.created', {
    onMessage: ({ data }) => void ids.push(data.id),
  });
  return ids;
}

describe('POST /{username}/post', () => {
  it('stores the post, returns it and publishes post.created', async () => {
    const { id: userId, username, token } = app.createAuthor();
    const created = createdPosts();
    const body = { title: 'My post', text: 'Its text', media_url: 'https://example.com/a.png' };

    const response = await app.api(`POST /${username}/post`, { token, body });

    expect(response.status).toBe(201);
    expect(response.body).toEqual({
      id: expect.any(Number),
      ...body,
      created_by_user_id: userId,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(created).toContain(response.body.id);
    expect(
      await app.database.query('SELECT title FROM posts.posts WHERE id = $1', [response.body.id]),
    ).toEqual([{ title: 'My post' }]);
  });

  it.each([[undefined], [null]])('stores a post without media when media_url is %s', async (media_url) => {
    const { username, token } = app.createAuthor();

    const { status, body } = await app.api(`POST /${username}/post`, {
      token,
      body: { title: 'My post', text: 'Its text', media_url },
    });

    expect(status).toBe(201);
    expect(body.media_url).toBeNull();
  });

  it('stores a title of 30 and a text of 63,206 code points of four bytes', async () => {
    const { username, token } = app.createAuthor();
    const body = { title: '🙂'.repeat(30), text: '🙂'.repeat(63_206) };

    const created = await app.api(`POST /${username}/post`, { token, body });
    const read = await app.api(`GET /${username}/post/${created.body.id}`);

    expect(created.status).toBe(201);
    expect(read.body).toMatchObject(body);
  });

  it.each([
    [{ text: 'a' }, 'body.title missing'],
    [{ title: 'ab' }, 'body.text missing'],
    [{ title: 'a', text: 'a' }, 'body.title string_too_short'],
    [{ title: '🙂'.repeat(31), text: 'a' }, 'body.title string_too_long'],
    [{ title: null, text: 'a' }, 'body.title string_type'],
    [{ title: 'ab', text: '' }, 'body.text string_too_short'],
    [{ title: 'ab', text: 'a'.repeat(63_207) }, 'body.text string_too_long'],
    [{ title: 'ab', text: 7 }, 'body.text string_type'],
    [{ title: 'ab', text: 'a\0b' }, 'body.text value_error'],
    [{ title: 'ab', text: '\ud800' }, 'body.text value_error'],
    [{ title: 'ab', text: 'a', media_url: 'javascript:alert(1)' }, 'body.media_url value_error'],
    [
      { title: 'ab', text: 'a', media_url: `https://e.com/${'a'.repeat(2_048)}` },
      'body.media_url string_too_long',
    ],
    [{ title: 'ab', text: 'a', created_by_user_id: 1 }, 'body.created_by_user_id extra_forbidden'],
  ])('returns 422 for %.70j', async (body, field) => {
    const { username, token } = app.createAuthor();

    const response = await app.api(`POST /${username}/post`, { token, body });

    expect(response.status).toBe(422);
    expect(badFields(response)).toEqual([field]);
    expect((await app.api(`GET /${username}/posts`)).body.data).toEqual([]);
  });

  it('returns 422 for invalid JSON before it checks the token', async () => {
    const { username } = app.createAuthor();

    const response = await app.api(`POST /${username}/post`, {
      raw: '{"title":',
      headers: { 'Content-Type': 'application/json' },
    });

    expect(response.status).toBe(422);
    expect(badFields(response)).toEqual(['body json_invalid']);
  });

  it('returns 415 for a form', async () => {
    const { username, token } = app.createAuthor();

    expect(
      await app.api(`POST /${username}/post`, { token, form: { title: 'ab', text: 'a' } }),
    ).toMatchObject({ status: 415 });
  });

  it('returns 401 without a token before it validates the fields', async () => {
    const { username } = app.createAuthor();

    const response = await app.api(`POST /${username}/post`, { body: {} });

    expect(response).toMatchObject(problem(401, 'Not authenticated'));
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('returns 401 for an invalid and for an expired token', async () => {
    const { id, username } = app.createAuthor();
    const expired = testToken({ id, username }, { claims: { exp: Math.floor(Date.now() / 1000) - 1 } });

    for (const token of ['nonsense', expired]) {
      const response = await app.api(`POST /${username}/post`, { token, body: { title: 'ab', text: 'a' } });
      expect(response).toMatchObject(problem(401, 'User not authenticated.'));
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('returns 403 to another user and to a superuser', async () => {
    const { username } = app.createAuthor();

    for (const token of [app.createAuthor().token, superuserToken()]) {
      const response = await app.api(`POST /${username}/post`, { token, body: { title: 'ab', text: 'a' } });
      expect(response).toMatchObject(problem(403, FORBIDDEN));
    }
  });

  it('returns 404 for an unknown username after it validates the fields', async () => {
    const { token } = app.createAuthor();
    const unknown = uniqueName();

    const bad = await app.api(`POST /${unknown}/post`, { token, body: {} });
    const good = await app.api(`POST /${unknown}/post`, { token, body: { title: 'ab', text: 'a' } });

    expect(bad.status).toBe(422);
    expect(good).toMatchObject(problem(404, 'User not found'));
  });
});

describe('PATCH /{username}/post/{id}', () => {
  it('changes only the fields that are sent', async () => {
    const author = app.createAuthor();
    const post = await app.createPost(author, { media_url: 'https://example.com/a.png' });
    const path = `/${author.username}/post/${post.id}` as const;

    const response = await app.api(`PATCH ${path}`, { token: author.token, body: { title: 'Another' } });

    expect(response).toMatchObject({ status: 200, body: { message: 'Post updated' } });
    expect((await app.api(`GET ${path}`)).body).toEqual({ ...post, title: 'Another' });
  });

  it('removes the media when media_url is null', async () => {
    const author = app.createAuthor();
    const post = await app.createPost(author, { media_url: 'https://example.com/a.png' });
    const path = `/${author.username}/post/${post.id}` as const;

    await app.api(`PATCH ${path}`, { token: author.token, body: { media_url: null } });

    expect((await app.api(`GET ${path}`)).body).toEqual({ ...post, media_url: null });
  });

  it('changes nothing when the body is {}', async () => {
    const author = app.createAuthor();
    const post = await app.createPost(author);
    const path = `/${author.username}/post/${post.id}` as const;

    const response = await app.api(`PATCH ${path}`, { token: author.token, body: {} });

    expect(response).toMatchObject({ status: 200, body: { message: 'Post updated' } });
    expect((await app.api(`GET ${path}`)).body).toEqual(post);
  });

  it.each([
    [{ title: null }, 'body.title string_type'],
    [{ text: null }, 'body.text string_type'],
    [{ title: 'a' }, 'body.title string_too_short'],
    [{ media_url: 'cat' }, 'body.media_url value_error'],
    [{ id: 7 }, 'body.id extra_forbidden'],
  ])('returns 422 for %j', async (body, field) => {
    const author = app.createAuthor();
    const post = await app.createPost(author);

    const response = await app.api(`PATCH /${author.username}/post/${post.id}`, {
      token: author.token,
      body,
    });

    expect(response.status).toBe(422);
    expect(badFields(response)).toEqual([field]);
  });

  it('returns 404 for the post of another user under the own username', async () => {
    const caller = app.createAuthor();
    const owner = app.createAuthor();
    const post = await app.createPost(owner);

    const response = await app.api(`PATCH /${caller.username}/post/${post.id}`, {
      token: caller.token,
      body: { title: 'Changed' },
    });

    expect(response).toMatchObject(problem(404, 'Post not found'));
    expect((await app.api(`GET /${owner.username}/post/${post.id}`)).body).toEqual(post);
  });

  it('returns 403 for the post of another user under the username of its owner', async () => {
    const owner = app.createAuthor();
    const post = await app.createPost(owner);

    const response = await app.api(`PATCH /${owner.username}/post/${post.id}`, {
      token: app.createAuthor().token,
      body: { title: 'Changed' },
    });

    expect(response).toMatchObject(problem(403, FORBIDDEN));
    expect((await app.api(`GET /${owner.username}/post/${post.id}`)).body).toEqual(post);
  });

  it('returns 404 for a deleted post, an unknown post and an unknown username, and 401 without a token', async () => {
    const author = app.createAuthor();
    const { id } = await app.createPost(author);
    const { token } = author;
    await app.api(`DELETE /${author.username}/post/${id}`, { token });
    const patch = (path: `/${string}`, as?: string) =>
      app.api(`PATCH ${path}`, { token: as, body: { title: 'ab' } });

    expect(await patch(`/${author.username}/post/${id}`, token)).toMatchObject(
      problem(404, 'Post not found'),
    );
    expect(await patch(`/${author.username}/post/2147483647`, token)).toMatchObject(
      problem(404, 'Post not found'),
    );
    expect(await patch(`/${uniqueName()}/post/${id}`, token)).toMatchObject(problem(404, 'User not found'));
    expect(await patch(`/${author.username}/post/${id}`)).toMatchObject(problem(401, 'Not authenticated'));
  });
});

describe('DELETE /{username}/post/{id}', () => {
  it('soft-deletes the post: reads return 404, the row stays', async () => {
    const author = app.createAuthor();
    const { id } = await app.createPost(author);
    const path = `/${author.username}/post/${id}` as const;

    const response = await app.api(`DELETE ${path}`, { token: author.token });

    expect(response).toMatchObject({ status: 200, body: { message: 'Post deleted' } });
    expect(await app.api(`GET ${path}`)).toMatchObject(problem(404, 'Post not found'));
    expect(await app.api(`DELETE ${path}`, { token: author.token })).toMatchObject(
      problem(404, 'Post not found'),
    );
    expect(await app.database.query('SELECT id FROM posts.posts WHERE id = $1', [id])).toHaveLength(1);
  });

  it('returns 404 or 403 for the post of another user, under the own or the owner’s username', async () => {
    const caller = app.createAuthor();
    const owner = app.createAuthor();
    const post = await app.createPost(owner);
    const { token } = caller;

    expect(await app.api(`DELETE /${caller.username}/post/${post.id}`, { token })).toMatchObject(
      problem(404, 'Post not found'),
    );
    expect(await app.api(`DELETE /${owner.username}/post/${post.id}`, { token })).toMatchObject(
      problem(403, FORBIDDEN),
    );
    expect(await app.api(`GET /${owner.username}/post/${post.id}`)).toMatchObject({ status: 200 });
  });

  it('returns 404 for an unknown post and an unknown username, and 401 without a token', async () => {
    const { username, token } = app.createAuthor();

    expect(await app.api(`DELETE /${username}/post/2147483647`, { token })).toMatchObject(
      problem(404, 'Post not found'),
    );
    expect(await app.api(`DELETE /${uniqueName()}/post/1`, { token })).toMatchObject(
      problem(404, 'User not found'),
    );
    expect(await app.api(`DELETE /${username}/post/1`)).toMatchObject(problem(401, 'Not authenticated'));
  });
});

describe('DELETE /{username}/db_post/{id}', () => {
  it('deletes the row of a live and of a soft-deleted post', async () => {
    const author = app.createAuthor();
    const live = await app.createPost(author);
    const deleted = await app.createPost(author);
    await app.api(`DELETE /${author.username}/post/${deleted.id}`, { token: author.token });

    for (const { id } of [live, deleted]) {
      const response = await app.api(`DELETE /${author.username}/db_post/${id}`, { token: superuserToken() });
      expect(response).toMatchObject({ status: 200, body: { message: 'Post deleted from the database' } });
      expect(await app.database.query('SELECT id FROM posts.posts WHERE id = $1', [id])).toEqual([]);
    }
    expect((await app.api(`GET /${author.username}/posts`)).body.data).toEqual([]);
  });

  it('returns 403 to the owner, and 401 without a token', async () => {
    const author = app.createAuthor();
    const { id } = await app.createPost(author);
    const path = `/${author.username}/db_post/${id}` as const;

    expect(await app.api(`DELETE ${path}`, { token: author.token })).toMatchObject(
      problem(403, 'You do not have enough privileges.'),
    );
    expect(await app.api(`DELETE ${path}`)).toMatchObject(problem(401, 'Not authenticated'));
    expect(await app.api(`GET /${author.username}/post/${id}`)).toMatchObject({ status: 200 });
  });

  it('returns 404 for the post of another author, an unknown post and an unknown username', async () => {
    const author = app.createAuthor();
    const foreign = await app.createPost(app.createAuthor());
    const token = superuserToken();

    for (const id of [foreign.id, 2_147_483_647]) {
      expect(await app.api(`DELETE /${author.username}/db_post/${id}`, { token })).toMatchObject(
        problem(404, 'Post not found'),
      );
    }
    expect(await app.api(`DELETE /${uniqueName()}/db_post/1`, { token })).toMatchObject(
      problem(404, 'User not found'),
    );
  });
});
