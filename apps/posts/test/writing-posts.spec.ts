import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReplicaBus } from '@repo/messaging';
import { testToken } from '@repo/testing';
import { aName, badFields, type PostsApp, problem, startPosts, superuserToken } from './posts-app.js';

let app: PostsApp;
const FORBIDDEN = 'Request forbidden -- authorization will not help';

beforeAll(async () => {
  app = await startPosts();
});

afterAll(() => app.close());

/** The ids of posts whose creation is published. */
function createdPosts(): number[] {
  const ids: number[] = [];
  app.nest.get(ReplicaBus).listen<{ data: { id: number } }>('event.post.created', {
    onMessage: ({ data }) => void ids.push(data.id),
  });
  return ids;
}

describe('POST /{username}/post', () => {
  it('stores the post, answers with it and publishes its creation', async () => {
    const { id: userId, username, token } = app.anAuthor();
    const created = createdPosts();
    const body = { title: 'My post', text: 'Its text', media_url: 'https://example.com/a.png' };

    const answer = await app.api(`POST /${username}/post`, { token, body });

    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.any(Number),
      ...body,
      created_by_user_id: userId,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(created).toContain(answer.body.id);
    expect(await app.database.query('SELECT title FROM posts.posts WHERE id = $1', [answer.body.id])).toEqual(
      [{ title: 'My post' }],
    );
  });

  it.each([[undefined], [null]])('takes a post without media: %s', async (media_url) => {
    const { username, token } = app.anAuthor();

    const { status, body } = await app.api(`POST /${username}/post`, {
      token,
      body: { title: 'My post', text: 'Its text', media_url },
    });

    expect(status).toBe(201);
    expect(body.media_url).toBeNull();
  });

  it('takes a title of 30 and a text of 63,206 code points, whatever they weigh', async () => {
    const { username, token } = app.anAuthor();
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
  ])('refuses %.70j', async (body, field) => {
    const { username, token } = app.anAuthor();

    const answer = await app.api(`POST /${username}/post`, { token, body });

    expect(answer.status).toBe(422);
    expect(badFields(answer)).toEqual([field]);
    expect((await app.api(`GET /${username}/posts`)).body.data).toEqual([]);
  });

  it('refuses what is no JSON before it asks who sends it', async () => {
    const { username } = app.anAuthor();

    const answer = await app.api(`POST /${username}/post`, {
      raw: '{"title":',
      headers: { 'Content-Type': 'application/json' },
    });

    expect(answer.status).toBe(422);
    expect(badFields(answer)).toEqual(['body json_invalid']);
  });

  it('refuses a form', async () => {
    const { username, token } = app.anAuthor();

    expect(
      await app.api(`POST /${username}/post`, { token, form: { title: 'ab', text: 'a' } }),
    ).toMatchObject({ status: 415 });
  });

  it('refuses a caller without a token, before it looks at the fields', async () => {
    const { username } = app.anAuthor();

    const answer = await app.api(`POST /${username}/post`, { body: {} });

    expect(answer).toMatchObject(problem(401, 'Not authenticated'));
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('refuses a bad token and an expired one', async () => {
    const { id, username } = app.anAuthor();
    const expired = testToken({ id, username }, { claims: { exp: Math.floor(Date.now() / 1000) - 1 } });

    for (const token of ['nonsense', expired]) {
      const answer = await app.api(`POST /${username}/post`, { token, body: { title: 'ab', text: 'a' } });
      expect(answer).toMatchObject(problem(401, 'User not authenticated.'));
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('refuses to write in the name of another, superusers included', async () => {
    const { username } = app.anAuthor();

    for (const token of [app.anAuthor().token, superuserToken()]) {
      const answer = await app.api(`POST /${username}/post`, { token, body: { title: 'ab', text: 'a' } });
      expect(answer).toMatchObject(problem(403, FORBIDDEN));
    }
  });

  it('refuses the name of nobody, after it has looked at the fields', async () => {
    const { token } = app.anAuthor();
    const nobody = aName();

    const bad = await app.api(`POST /${nobody}/post`, { token, body: {} });
    const good = await app.api(`POST /${nobody}/post`, { token, body: { title: 'ab', text: 'a' } });

    expect(bad.status).toBe(422);
    expect(good).toMatchObject(problem(404, 'User not found'));
  });
});

describe('PATCH /{username}/post/{id}', () => {
  it('changes the fields that are sent, and no others', async () => {
    const author = app.anAuthor();
    const post = await app.aPost(author, { media_url: 'https://example.com/a.png' });
    const path = `/${author.username}/post/${post.id}` as const;

    const answer = await app.api(`PATCH ${path}`, { token: author.token, body: { title: 'Another' } });

    expect(answer).toMatchObject({ status: 200, body: { message: 'Post updated' } });
    expect((await app.api(`GET ${path}`)).body).toEqual({ ...post, title: 'Another' });
  });

  it('takes the media away with null', async () => {
    const author = app.anAuthor();
    const post = await app.aPost(author, { media_url: 'https://example.com/a.png' });
    const path = `/${author.username}/post/${post.id}` as const;

    await app.api(`PATCH ${path}`, { token: author.token, body: { media_url: null } });

    expect((await app.api(`GET ${path}`)).body).toEqual({ ...post, media_url: null });
  });

  it('changes nothing with {}', async () => {
    const author = app.anAuthor();
    const post = await app.aPost(author);
    const path = `/${author.username}/post/${post.id}` as const;

    const answer = await app.api(`PATCH ${path}`, { token: author.token, body: {} });

    expect(answer).toMatchObject({ status: 200, body: { message: 'Post updated' } });
    expect((await app.api(`GET ${path}`)).body).toEqual(post);
  });

  it.each([
    [{ title: null }, 'body.title string_type'],
    [{ text: null }, 'body.text string_type'],
    [{ title: 'a' }, 'body.title string_too_short'],
    [{ media_url: 'cat' }, 'body.media_url value_error'],
    [{ id: 7 }, 'body.id extra_forbidden'],
  ])('refuses %j', async (body, field) => {
    const author = app.anAuthor();
    const post = await app.aPost(author);

    const answer = await app.api(`PATCH /${author.username}/post/${post.id}`, { token: author.token, body });

    expect(answer.status).toBe(422);
    expect(badFields(answer)).toEqual([field]);
  });

  it("does not find another's post under the own name, and leaves it as it is", async () => {
    const thief = app.anAuthor();
    const victim = app.anAuthor();
    const post = await app.aPost(victim);

    const answer = await app.api(`PATCH /${thief.username}/post/${post.id}`, {
      token: thief.token,
      body: { title: 'Stolen' },
    });

    expect(answer).toMatchObject(problem(404, 'Post not found'));
    expect((await app.api(`GET /${victim.username}/post/${post.id}`)).body).toEqual(post);
  });

  it('refuses to change the post of another under its name', async () => {
    const victim = app.anAuthor();
    const post = await app.aPost(victim);

    const answer = await app.api(`PATCH /${victim.username}/post/${post.id}`, {
      token: app.anAuthor().token,
      body: { title: 'Stolen' },
    });

    expect(answer).toMatchObject(problem(403, FORBIDDEN));
    expect((await app.api(`GET /${victim.username}/post/${post.id}`)).body).toEqual(post);
  });

  it('refuses a deleted post, an unknown one, the name of nobody and nobody', async () => {
    const author = app.anAuthor();
    const { id } = await app.aPost(author);
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
    expect(await patch(`/${aName()}/post/${id}`, token)).toMatchObject(problem(404, 'User not found'));
    expect(await patch(`/${author.username}/post/${id}`)).toMatchObject(problem(401, 'Not authenticated'));
  });
});

describe('DELETE /{username}/post/{id}', () => {
  it('hides the post and keeps its row', async () => {
    const author = app.anAuthor();
    const { id } = await app.aPost(author);
    const path = `/${author.username}/post/${id}` as const;

    const answer = await app.api(`DELETE ${path}`, { token: author.token });

    expect(answer).toMatchObject({ status: 200, body: { message: 'Post deleted' } });
    expect(await app.api(`GET ${path}`)).toMatchObject(problem(404, 'Post not found'));
    expect(await app.api(`DELETE ${path}`, { token: author.token })).toMatchObject(
      problem(404, 'Post not found'),
    );
    expect(await app.database.query('SELECT id FROM posts.posts WHERE id = $1', [id])).toHaveLength(1);
  });

  it("refuses another's post, under either name, and leaves it", async () => {
    const thief = app.anAuthor();
    const victim = app.anAuthor();
    const post = await app.aPost(victim);
    const { token } = thief;

    expect(await app.api(`DELETE /${thief.username}/post/${post.id}`, { token })).toMatchObject(
      problem(404, 'Post not found'),
    );
    expect(await app.api(`DELETE /${victim.username}/post/${post.id}`, { token })).toMatchObject(
      problem(403, FORBIDDEN),
    );
    expect(await app.api(`GET /${victim.username}/post/${post.id}`)).toMatchObject({ status: 200 });
  });

  it('refuses an unknown post, the name of nobody and nobody', async () => {
    const { username, token } = app.anAuthor();

    expect(await app.api(`DELETE /${username}/post/2147483647`, { token })).toMatchObject(
      problem(404, 'Post not found'),
    );
    expect(await app.api(`DELETE /${aName()}/post/1`, { token })).toMatchObject(
      problem(404, 'User not found'),
    );
    expect(await app.api(`DELETE /${username}/post/1`)).toMatchObject(problem(401, 'Not authenticated'));
  });
});

describe('DELETE /{username}/db_post/{id}', () => {
  it('removes the row, of a soft-deleted post too', async () => {
    const author = app.anAuthor();
    const live = await app.aPost(author);
    const deleted = await app.aPost(author);
    await app.api(`DELETE /${author.username}/post/${deleted.id}`, { token: author.token });

    for (const { id } of [live, deleted]) {
      const answer = await app.api(`DELETE /${author.username}/db_post/${id}`, { token: superuserToken() });
      expect(answer).toMatchObject({ status: 200, body: { message: 'Post deleted from the database' } });
      expect(await app.database.query('SELECT id FROM posts.posts WHERE id = $1', [id])).toEqual([]);
    }
    expect((await app.api(`GET /${author.username}/posts`)).body.data).toEqual([]);
  });

  it('is for superusers, not for the owner', async () => {
    const author = app.anAuthor();
    const { id } = await app.aPost(author);
    const path = `/${author.username}/db_post/${id}` as const;

    expect(await app.api(`DELETE ${path}`, { token: author.token })).toMatchObject(
      problem(403, 'You do not have enough privileges.'),
    );
    expect(await app.api(`DELETE ${path}`)).toMatchObject(problem(401, 'Not authenticated'));
    expect(await app.api(`GET /${author.username}/post/${id}`)).toMatchObject({ status: 200 });
  });

  it('refuses the post of another than the named, an unknown one and the name of nobody', async () => {
    const author = app.anAuthor();
    const foreign = await app.aPost(app.anAuthor());
    const token = superuserToken();

    for (const id of [foreign.id, 2_147_483_647]) {
      expect(await app.api(`DELETE /${author.username}/db_post/${id}`, { token })).toMatchObject(
        problem(404, 'Post not found'),
      );
    }
    expect(await app.api(`DELETE /${aName()}/db_post/1`, { token })).toMatchObject(
      problem(404, 'User not found'),
    );
  });
});
