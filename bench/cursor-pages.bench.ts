import { Logger } from '@nestjs/common';
import { createTestApp, type TestApp } from '@repo/testing';
import type { ResultRow } from './support/benchmark.ts';
import { compare, rounded } from './support/compare.ts';
import { runLoad } from './support/load.ts';
import { withServers } from './support/system.ts';

export const about = 'pages of a user with 1,000,000 posts, from PostgreSQL: the last page against the first';

const POSTS = 1_000_000;
const AUTHOR = 'author';
const ROUNDS = 9;

interface Page {
  data: object[];
  next_cursor: string | null;
}

export const run = () => {
  Logger.overrideLogger(['error']);
  return withServers(measure);
};

async function measure(): Promise<ResultRow[]> {
  const app = await startPosts();
  try {
    await app.database.query(`INSERT INTO posts.authors VALUES (1, $1, false, 1)`, [AUTHOR]);
    await app.database.query(
      `INSERT INTO posts.posts (created_by_user_id, title, text, created_at)
       SELECT 1, 'Title ' || n, 'Text', now() - n % 1000 * interval '1 hour' FROM generate_series(1, $1) n`,
      [POSTS],
    );
    await app.database.query('VACUUM ANALYZE posts.posts');
    return [...(await comparePages(app, 'id')), ...(await comparePages(app, '-created_at'))];
  } finally {
    await app.close();
  }
}

/** The service as it runs in production. */
async function startPosts(): Promise<TestApp> {
  const { AppModule } = await import('../apps/posts/dist/src/app.module.js');
  const { PostsConfig } = await import('../apps/posts/dist/src/app.config.js');
  const { schema } = await import('../apps/posts/dist/src/database/data-source.js');
  return createTestApp(AppModule, PostsConfig, { schema, env: { CACHE_ENABLED: 'false' } });
}

async function comparePages({ api, url }: TestApp, sort: string): Promise<ResultRow[]> {
  const path = (cursor: string, size = 10): `/${string}` =>
    `/${AUTHOR}/posts?sort=${sort}&items_per_page=${size}&cursor=${cursor}`;
  const read = async (cursor: string, size: number): Promise<Page> =>
    (await api(`GET ${path(cursor, size)}`)).body;
  const pages = [
    { name: 'first', cursor: '' },
    { name: 'second', cursor: (await read('', 10)).next_cursor! },
    { name: 'last', cursor: await lastCursor(read) },
  ];
  const results = await compare(
    pages.map(({ name, cursor }) => ({
      name,
      measure: () =>
        runLoad({
          ...{ method: 'GET', url: `${url}/api/v1${path(cursor)}` },
          ...{ connections: 1, seconds: 1 },
        }),
    })),
    { rounds: ROUNDS, figure: ({ perSecond }) => 1000 / perSecond },
  );
  return results.map(({ name, figure, ratio }) => ({
    sort,
    page: name,
    'median ms': rounded(figure),
    'ratio to the first': rounded(ratio),
  }));
}

/** Reads all posts, and returns the cursor of the last ten. */
async function lastCursor(read: (cursor: string, size: number) => Promise<Page>): Promise<string> {
  let [cursor, count] = ['', 0];
  for (;;) {
    const { data, next_cursor } = await read(cursor, POSTS - count > 100 ? 100 : 10);
    count += data.length;
    if (next_cursor === null) break;
    cursor = next_cursor;
  }
  if (count !== POSTS) throw new Error(`The pages of ${POSTS} posts contain ${count}`);
  return cursor;
}
