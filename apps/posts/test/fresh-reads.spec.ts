import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Api } from '@repo/testing';
import { PostsRepository } from '../src/posts/posts.repository.js';
import { aName, type PostsApp, problem, startPosts, type TestAuthor } from './posts-app.js';

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

/** An author whose list and post both replicas have in their caches. */
async function anAuthorWhoIsRead(): Promise<TestAuthor & { postId: number }> {
  const author = app.anAuthor();
  const { id: postId } = await app.aPost(author, { title: 'before' });
  for (const { api } of [app, replica]) {
    for (let i = 0; i < 2; i++) {
      expect(await titles(api, author.username)).toEqual(['before']);
      expect((await api(`GET /${author.username}/post/${postId}`)).body.title).toBe('before');
    }
  }
  return { ...author, postId };
}

describe('a read that starts after a write was answered', () => {
  it('shows it on another replica, in 1,000 rounds out of 1,000', async () => {
    const authors: Awaited<ReturnType<typeof anAuthorWhoIsRead>>[] = [];
    for (let i = 0; i < 8; i++) authors.push(await anAuthorWhoIsRead());
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

  it('shows a new post and misses a deleted one on every page of the list', async () => {
    const author = await anAuthorWhoIsRead();
    const secondPage = `GET /${author.username}/posts?page=2&items_per_page=1` as const;
    expect((await replica.api(secondPage)).body.data).toEqual([]);

    await app.aPost(author, { title: 'second' });
    expect(await titles(replica.api, author.username)).toEqual(['before', 'second']);
    expect((await replica.api(secondPage)).body.data).toMatchObject([{ title: 'second' }]);

    await app.api(`DELETE /${author.username}/post/${author.postId}`, { token: author.token });
    expect(await titles(replica.api, author.username)).toEqual(['second']);
    expect((await replica.api(secondPage)).body.data).toEqual([]);
    expect(await replica.api(`GET /${author.username}/post/${author.postId}`)).toMatchObject(
      problem(404, 'Post not found'),
    );
  });

  it('finds the posts of a renamed user under the new name alone', async () => {
    const author = await anAuthorWhoIsRead();
    const username = aName();
    app.users.users.delete(author.username);

    await app.tell('user.updated', { ...author, username, version: 2 });

    for (const { api } of [app, replica]) {
      expect(await titles(api, username)).toEqual(['before']);
      expect(await api(`GET /${username}/post/${author.postId}`)).toMatchObject({ status: 200 });
      expect(await api(`GET /${author.username}/posts`)).toMatchObject(problem(404, 'User not found'));
      expect(await api(`GET /${author.username}/post/${author.postId}`)).toMatchObject(
        problem(404, 'User not found'),
      );
    }
  });

  it('shows nothing of a user who was deleted', async () => {
    const author = await anAuthorWhoIsRead();
    app.users.users.set(author.username, { ...author, deleted: true, version: 2 });

    await app.tell('user.deleted', { ...author, deleted: true, version: 2 });

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

  it('shows nothing of a user who was erased, of whom no post is kept', async () => {
    const author = await anAuthorWhoIsRead();
    const deleted = await app.aPost(author);
    const bystander = await anAuthorWhoIsRead();
    await app.api(`DELETE /${author.username}/post/${deleted.id}`, { token: author.token });
    app.users.users.delete(author.username);

    await app.tell('user.hard-deleted', { ...author, deleted: true, version: 2 });

    for (const { api } of [app, replica]) {
      expect(await api(`GET /${author.username}/posts`)).toMatchObject(problem(404, 'User not found'));
      expect(await titles(api, bystander.username)).toEqual(['before']);
    }
    expect(
      await app.database.query('SELECT id FROM posts.posts WHERE created_by_user_id = $1', [author.id]),
    ).toEqual([]);
  });

  it('finds a user who signs up after the name was not found', async () => {
    const username = aName();
    expect(await replica.api(`GET /${username}/posts`)).toMatchObject(problem(404, 'User not found'));

    await app.tell('user.created', { ...app.anAuthor(), username });

    expect(await replica.api(`GET /${username}/posts`)).toMatchObject({ status: 200, body: { data: [] } });
  });
});

describe('the name of an author', () => {
  it('gives its next holder nothing of the one before', async () => {
    const before = await anAuthorWhoIsRead();
    const renamed = aName();
    await app.tell('user.updated', { ...before, username: renamed, version: 2 });
    const next = { ...app.anAuthor(), username: before.username };
    await app.tell('user.created', next);

    expect(await titles(app.api, before.username)).toEqual([]);
    const answer = await app.api(`POST /${before.username}/post`, {
      token: before.token,
      body: { title: 'Mine', text: 'still?' },
    });
    expect(answer).toMatchObject(problem(403, 'Request forbidden -- authorization will not help'));
    expect(await titles(app.api, renamed)).toEqual(['before']);
  });

  it('does not go back when an older event comes late', async () => {
    const author = await anAuthorWhoIsRead();
    const username = aName();
    app.users.users.delete(author.username);

    await app.tell('user.updated', { ...author, username, version: 3 });
    await app.tell('user.updated', { ...author, version: 2 });

    expect(await titles(app.api, username)).toEqual(['before']);
    expect(await app.api(`GET /${author.username}/posts`)).toMatchObject(problem(404, 'User not found'));
  });
});

describe('200 reads at once of what nobody has asked for', () => {
  it('cost one question to the database in each replica', async () => {
    const author = app.anAuthor();
    await app.aPost(author, { title: 'cold' });
    const questions = [app, replica].map(({ nest }) => jest.spyOn(nest.get(PostsRepository), 'findPage'));

    const lists = await Promise.all(
      Array.from({ length: 200 }, (_, n) => titles((n % 2 ? app : replica).api, author.username)),
    );

    expect(new Set(lists.flat())).toEqual(new Set(['cold']));
    for (const asked of questions) expect(asked.mock.calls.length).toBeLessThanOrEqual(1);
  });
});
