import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plansOf } from '@repo/testing';
import { badFields, type PostsApp, startPosts, type TestAuthor } from './posts-app.js';

let app: PostsApp;

beforeAll(async () => {
  app = await startPosts();
});

afterAll(() => app.close());

const titles = ({ body }: { body: { data: { title: string }[] } }) => body.data.map(({ title }) => title);

describe('GET /{username}/posts with filters', () => {
  let author: TestAuthor;
  const list = (query: string) => app.api(`GET /${author.username}/posts?${query}`);

  beforeAll(async () => {
    author = app.createAuthor();
    await app.createPost(author, { title: 'Apple', media_url: 'https://example.com/a.png' });
    await app.createPost(author, { title: 'banana' });
    await app.createPost(author, { title: '100% cherry' });
    await app.createPost(app.createAuthor(), { title: 'Apple' });
    const deletedPost = await app.createPost(author, { title: 'Apple, deleted' });
    await app.api(`DELETE /${author.username}/post/${deletedPost.id}`, { token: author.token });
    await app.database.query(
      `UPDATE posts.posts SET created_at = CASE title WHEN 'Apple' THEN timestamptz '2026-01-02Z'
       WHEN 'banana' THEN timestamptz '2026-01-03Z' ELSE timestamptz '2026-01-01Z' END`,
    );
  });

  it.each([
    ['title=Apple', ['Apple']],
    ['title__ne=Apple', ['banana', '100% cherry']],
    ['title__ilike=%25AN%25', ['banana']],
    ['title__like=%25\\%25%25', ['100% cherry']],
    ['title__in=Apple,banana', ['Apple', 'banana']],
    ['title__not_in=Apple&title__not_in=banana', ['100% cherry']],
    ['media_url__is_null=false', ['Apple']],
    ['created_at__gte=2026-01-02', ['Apple', 'banana']],
    ['created_at__gt=2026-01-02T01:00:00%2B01:00', ['banana']],
    ['created_at__between=2026-01-01,2026-01-02', ['Apple', '100% cherry']],
    ['created_at__gte=2026-01-02&title__like=b%25', ['banana']],
    ['sort=-id', ['100% cherry', 'banana', 'Apple']],
    ['sort=created_at', ['100% cherry', 'Apple', 'banana']],
    ['sort=-created_at&created_at__gte=2026-01-02', ['banana', 'Apple']],
    ['title=nothing', []],
  ])('returns the matching posts for ?%s', async (query, expected) => {
    const byNumber = await list(query);
    const byCursor = await list(`${query}&cursor=`);

    expect(byNumber.status).toBe(200);
    expect(titles(byNumber)).toEqual(expected);
    expect(byNumber.body.total_count).toBe(expected.length);
    expect(titles(byCursor)).toEqual(expected);
  });

  it.each([
    ['titel=Apple', 'query.titel extra_forbidden'],
    ['text__like=%25', 'query.text__like extra_forbidden'],
    ['created_by_user_id=1', 'query.created_by_user_id extra_forbidden'],
    ['deleted_at__is_null=false', 'query.deleted_at__is_null extra_forbidden'],
    ['title__matches=x', 'query.title__matches extra_forbidden'],
    ['createdAt__gte=2026-01-01', 'query.createdAt__gte extra_forbidden'],
    ['constructor=x', 'query.constructor extra_forbidden'],
    ['id__gte=x', 'query.id__gte int_parsing'],
    ['created_at__gte=yesterday', 'query.created_at__gte value_error'],
    ['title__like=%5C', 'query.title__like value_error'],
    ['title=a%00b', 'query.title value_error'],
    ['sort=text', 'query.sort value_error'],
    ['sort=created_at,id', 'query.sort value_error'],
  ])('returns 422 for ?%s', async (query, field) => {
    const response = await list(query);

    expect(response.status).toBe(422);
    expect(badFields(response)).toEqual([field]);
  });

  it('returns 422 for a cursor of another filter or another sort', async () => {
    const first = await list('sort=-created_at&items_per_page=1&cursor=');
    const cursor = first.body.next_cursor as string;

    const second = await list(`sort=-created_at&items_per_page=1&cursor=${cursor}`);
    const otherSort = await list(`sort=created_at&cursor=${cursor}`);
    const otherFilter = await list(`sort=-created_at&title=Apple&cursor=${cursor}`);

    expect(titles(second)).toEqual(['Apple']);
    for (const response of [otherSort, otherFilter]) {
      expect(response.status).toBe(422);
      expect(badFields(response)).toEqual(['query.cursor value_error']);
    }
  });

  it('returns a new post immediately under every filter and sort', async () => {
    const writer = app.createAuthor();
    const queries = ['sort=-id', 'title__like=N%25', 'sort=-created_at&cursor='];
    const read = () =>
      Promise.all(
        queries.map(async (query) => titles(await app.api(`GET /${writer.username}/posts?${query}`))),
      );

    await app.createPost(writer, { title: 'No 1' });
    expect(await read()).toEqual([['No 1'], ['No 1'], ['No 1']]);

    await app.createPost(writer, { title: 'No 2' });
    expect((await read()).map((found) => found.toSorted())).toEqual(queries.map(() => ['No 1', 'No 2']));
  });
});

describe('the plan of a cursor page', () => {
  /** Number of posts of all authors. Every fifth is of `author`. */
  const POSTS = 5_000;
  let author: TestAuthor;

  beforeAll(async () => {
    author = app.createAuthor();
    await app.createPost(author);
    await app.database.query(
      `INSERT INTO posts.posts (created_by_user_id, title, text, created_at)
       SELECT CASE WHEN n % 5 = 0 THEN $1 ELSE n END, 'Title ' || n, 'Text', now() - n % 100 * interval '1 day'
       FROM generate_series(1, $2) n`,
      [author.id, POSTS],
    );
    await app.database.query('ANALYZE posts.posts');
  });

  it.each([
    ['', 'ix_posts_author_live'],
    ['sort=-id', 'ix_posts_author_live'],
    ['sort=created_at', 'ix_posts_author_created_live'],
    ['sort=-created_at', 'ix_posts_author_created_live'],
  ])('?%s scans one index without a sort or a count', async (sort, index) => {
    const pageAt = (cursor: string) => app.api(`GET /${author.username}/posts?${sort}&cursor=${cursor}`);
    const { next_cursor: cursor } = (await pageAt('')).body;

    const plans = await plansOf(app, 'posts.posts', () => pageAt(cursor));

    expect(plans).toEqual([expect.stringMatching(new RegExp(`Index Scan (Backward )?using ${index} `))]);
    expect(plans[0]).not.toMatch(/Sort|Aggregate|Seq Scan|Filter/);
  });
});
