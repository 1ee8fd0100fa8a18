// @ts-check
import { Logger } from '@nestjs/common';
import { createTestApp } from '@repo/testing';
import { compare, rounded } from './support/compare.ts';
import { runLoad } from './support/load.ts';
import { withServers } from './support/servers.ts';

export const about = 'pages of a user with 1,000,000 posts, from Postgres: the last one against the first';

const POSTS = 1_000_000;
const AUTHOR = 'author';
const ROUNDS = 9;

export const run = () => {
  Logger.overrideLogger(['error']);
  return withServers(measure);
};

async function measure() {
  const app = await startPosts();
  try {
    await app.database.query(`INSERT INTO posts.authors VALUES (1, $1, false, 1)`, [AUTHOR]);
    await app.database.query(
      `INSERT INTO posts.posts (created_by_user_id, title, text, created_at)
       SELECT 1, 'Title ' || n, 'Text', now() - n % 1000 * interval '1 hour' FROM generate_series(1, $1) n`,
      [POSTS],
    );
    await app.database.query('VACUUM ANALYZE posts.posts');
    const rows = [];
    for (const sort of ['id', '-created_at']) rows.push(...(await compareEnds(app, sort)));
    return rows;
  } finally {
    await app.close();
  }
}

/** The service as it runs in production. */
async function startPosts() {
  const { AppModule } = await import('../apps/posts/dist/src/app.module.js');
  const { PostsConfig } = await import('../apps/posts/dist/src/app.config.js');
  const { schema } = await import('../apps/posts/dist/src/database/data-source.js');
  return createTestApp(AppModule, PostsConfig, { schema, env: { CACHE_ENABLED: 'false' } });
}

/** @param {import('@repo/testing').TestApp} app @param {string} sort */
async function compareEnds({ api, url }, sort) {
  const path = (/** @type {string} */ cursor, size = 10) =>
    `/${AUTHOR}/posts?sort=${sort}&items_per_page=${size}&cursor=${cursor}`;
  const page = async (/** @type {string} */ cursor, /** @type {number} */ size) =>
    (await api(`GET ${path(cursor, size)}`)).body;
  const pages = [
    { name: 'first', cursor: '' },
    { name: 'second', cursor: (await page('', 10)).next_cursor },
    { name: 'last', cursor: await lastCursor(page) },
  ];
  const results = await compare(
    pages.map(({ name, cursor }) => ({
      name,
      measure: () => runLoad({ url: `${url}/api/v1${path(cursor)}`, connections: 1, seconds: 1 }),
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

/**
 * Walks over all posts.
 *
 * @param {(cursor: string, size: number) => Promise<{ data: object[], next_cursor: string | null }>} page
 * @returns {Promise<string>} where the last ten begin
 */
async function lastCursor(page) {
  let [cursor, seen] = ['', 0];
  for (;;) {
    const { data, next_cursor } = await page(cursor, POSTS - seen > 100 ? 100 : 10);
    seen += data.length;
    if (next_cursor === null) break;
    cursor = next_cursor;
  }
  if (seen !== POSTS) throw new Error(`A walk over ${POSTS} posts has seen ${seen}.`);
  return cursor;
}
