import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Api } from '@repo/testing';
import { PostsRepository } from '../src/posts/posts.repository.js';
import { uniqueName, type PostsApp, problem, startPosts, type TestAuthor } from './posts-app.js';

let app: PostsApp;
let replica: Awaited<ReturnType<PostsApp['replica']>>;

beforeAll(async () => {
  app = await startPosts();
  replica = await app.replica();
});

afterAll(async () => {
  await replica?.close();
  await app?.close();
});

afterEach(() => {
  jest.restoreAllMocks();
});

const titles = async (api: Api, username: string): Promise<string[]> =>
  (await api(`GET /${username}/posts`)).body.data.map(({ title }: { title: string }) => title);

/** Creates an author whose list and post are in the caches of both replicas. */
async function createCachedAuthor(): Promise<TestAuthor & { postId: number }> {
  const author = app.createAuthor();
  const { id: postId } = await app.createPost(author, { title: 'before' });
  for (const { api } of [app, replica]) {
    for (let i = 0; i < 2; i++) {
      expect(await titles(api, author.username)).toEqual(['before']);
      expect((await api(`GET /${author.username}/post/${postId}`)).body.title).toBe('before');
    }
  }
  return { ...author, postId };
}

describe('a read that starts after the response to a write', () => {
  it('returns the written title on another replica in each of 1,000 rounds', async () => {
    const authors: Awaited<ReturnType<typeof createCachedAuthor>>[] = [];
    for (let i = 0; i < 8; i++) authors.push(await createCachedAuthor());
    const stale: string[] = [];

    const rounds = authors.map(async ({ username, token, postId }) => {
      for (let round = 0; round < 125; round++) {
        const title = `round ${round}`;
        const [writer, reader] = round % 2 ? [app, replica] : [replica, app];
        await writer.api(`PATCH /${username}/post/${postId}`, { token, body: { title } });
        const [post, list] = await Promise.all([
          reader.api(`GET /${username}/post/${postId}`),
          titles(reader.api, username),
        ]);
        if (post.body.title !== title || list[0] !== title) stale.push(`${username} in ${title}`);
      }
    });
    await Promise.all(rounds);

    expect(stale).toEqual([]);
  }, 120_000);

  it('lists a new post and omits a deleted one on every page', async () => {
    const author = await createCachedAuthor();
    const secondPage = `GET /${author.username}/posts?page=2&items_per_page=1` as const;
    expect((await replica.api(secondPage)).body.data).toEqual([]);

    await app.createPost(author, { title: 'second' });
    expect(await titles(replica.api, author.username)).toEqual(['before', 'second']);
    expect((await replica.api(secondPage)).body.data).toMatchObject([{ title: 'second' }]);

    await app.api(`DELETE /${author.username}/post/${author.postId}`, { token: author.token });
    expect(await titles(replica.api, author.username)).toEqual(['second']);
    expect((await replica.api(secondPage)).body.data).toEqual([]);
    expect(await replica.api(`GET /${author.username}/post/${author.postId}`)).toMatchObject(
      problem(404, 'Post not found'),
    );
  });

  it('returns the posts of a renamed user only under the new username', async () => {
    const author = await createCachedAuthor();
    const username = uniqueName();
    app.users.users.delete(author.username);

    await app.publish('user.updated', { ...author, username, version: 2 });

    for (const { api } of [app, replica]) {
      expect(await titles(api, username)).toEqual(['before']);
      expect(await api(`GET /${username}/post/${author.postId}`)).toMatchObject({ status: 200 });
      expect(await api(`GET /${author.username}/posts`)).toMatchObject(problem(404, 'User not found'));
      expect(await api(`GET /${author.username}/post/${author.postId}`)).toMatchObject(
        problem(404, 'User not found'),
      );
    }
  });

  it('returns 404 for the posts of a soft-deleted user, and keeps the rows', async () => {
    const author = await createCachedAuthor();
    app.users.users.set(author.username, { ...author, deleted: true, version: 2 });

    await app.publish('user.deleted', { ...author, deleted: true, version: 2 });

    for (const { api } of [app, replica]) {
      expect(await api(`GET /${author.username}/posts`)).toMatchObject(problem(404, 'User not found'));
      expect(await api(`GET /${author.username}/post/${author.postId}`)).toMatchObject(
        problem(404, 'User not found'),
      );
    }
    expect(
      await app.database.query('SELECT id FROM posts.posts WHERE id = $1', [author.postId]),
    ).toHaveLength(1);
  });

  it('returns 404 for the posts of a hard-deleted user, and deletes the rows', async () => {
    const author = await createCachedAuthor();
    const deleted = await app.createPost(author);
    const otherAuthor = await createCachedAuthor();
    await app.api(`DELETE /${author.username}/post/${deleted.id}`, { token: author.token });
    app.users.users.delete(author.username);

    await app.publish('user.hard-deleted', { ...author, deleted: true, version: 2 });

    for (const { api } of [app, replica]) {
      expect(await api(`GET /${author.username}/posts`)).toMatchObject(problem(404, 'User not found'));
      expect(await titles(api, otherAuthor.username)).toEqual(['before']);
    }
    expect(
      await app.database.query('SELECT id FROM posts.posts WHERE created_by_user_id = $1', [author.id]),
    ).toEqual([]);
  });

  it('returns 200 for a user who signs up after a 404 for the username', async () => {
    const username = uniqueName();
    expect(await replica.api(`GET /${username}/posts`)).toMatchObject(problem(404, 'User not found'));

    await app.publish('user.created', { ...app.createAuthor(), username });

    expect(await replica.api(`GET /${username}/posts`)).toMatchObject({ status: 200, body: { data: [] } });
  });
});

describe('the username of an author', () => {
  it('gives a new user with the username no access to the posts of the renamed user, and the reverse', async () => {
    const before = await createCachedAuthor();
    const renamed = uniqueName();
    await app.publish('user.updated', { ...before, username: renamed, version: 2 });
    const next = { ...app.createAuthor(), username: before.username };
    await app.publish('user.created', next);

    expect(await titles(app.api, before.username)).toEqual([]);
    const response = await app.api(`POST /${before.username}/post`, {
      token: before.token,
      body: { title: 'A title', text: 'A text' },
    });
    expect(response).toMatchObject(problem(403, 'Request forbidden -- authorization will not help'));
    expect(await titles(app.api, renamed)).toEqual(['before']);
  });

  it('keeps the new value when an older event arrives late', async () => {
    const author = await createCachedAuthor();
    const username = uniqueName();
    app.users.users.delete(author.username);

    await app.publish('user.updated', { ...author, username, version: 3 });
    await app.publish('user.updated', { ...author, version: 2 });

    expect(await titles(app.api, username)).toEqual(['before']);
    expect(await app.api(`GET /${author.username}/posts`)).toMatchObject(problem(404, 'User not found'));
  });
});

describe('200 simultaneous reads of a list that is not cached', () => {
  it('query the database once in each replica', async () => {
    const author = app.createAuthor();
    await app.createPost(author, { title: 'cold' });
    const spies = [app, replica].map(({ nest }) => jest.spyOn(nest.get(PostsRepository), 'findPage'));

    const lists = await Promise.all(
      Array.from({ length: 200 }, (_, n) => titles((n % 2 ? app : replica).api, author.username)),
    );

    expect(new Set(lists.flat())).toEqual(new Set(['cold']));
    for (const spy of spies) expect(spy.mock.calls.length).toBeLessThanOrEqual(1);
  });
});
