import { randomInt } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { createTestApp, type TestApp, testToken } from '@repo/testing';
import { LoadGenerator, type LoadRequest } from '../tests/support/load-generator.ts';
import { median } from '../tests/support/statistics.ts';
import { Failure } from '../tools/lib/failure.ts';
import type { BenchmarkOptions, ResultRow } from './support/benchmark.ts';
import { compare, rounded } from './support/compare.ts';
import { withServers } from './support/system.ts';

export const about = 'requests for posts, uncached: of 1,000,000 (--size) against 1,000';

const SMALL = 1_000;
const POSTS_PER_AUTHOR = 1_000;
const ROUNDS = 9;
const REQUESTS_PER_ROUND = 300;

type Kind = (post: { id: number; author: number; path: string }) => LoadRequest;

const KINDS: Record<string, Kind> = {
  'read by id': ({ id, path }) => ({ method: 'GET', path: `${path}/post/${id}` }),
  'list by cursor': ({ path }) => ({ method: 'GET', path: `${path}/posts?cursor=` }),
  'list by page': ({ path }) => ({ method: 'GET', path: `${path}/posts?page=${randomInt(1, 101)}` }),
  create: ({ author, path }) => ({
    ...{ method: 'POST', path: `${path}/post`, body: () => ({ title: 'A title', text: 'A text.' }) },
    token: testToken({ id: author, username: `author${author}` }),
  }),
};

export const run = ({ size }: BenchmarkOptions) => {
  Logger.overrideLogger(['error']);
  return withServers(() => measure(size));
};

async function measure(size: number): Promise<ResultRow[]> {
  const tables = [await startPosts(SMALL), await startPosts(size)] as const;
  try {
    const results: ResultRow[] = [];
    for (const [name, kind] of Object.entries(KINDS)) {
      const [small, large] = await compare(
        tables.map(({ rows, load }) => ({ name: `${rows}`, measure: () => p50(load, kind, rows) })),
        { rounds: ROUNDS, figure: (ms) => ms, warmUps: 5 },
      );
      results.push({
        request: name,
        [`p50 ms, ${SMALL.toLocaleString('en')} posts`]: rounded(small!.figure),
        [`p50 ms, ${size.toLocaleString('en')} posts`]: rounded(large!.figure),
        ratio: rounded(large!.ratio),
        'lowest to highest': large!.spread.map(rounded).join(' to '),
      });
    }
    return results;
  } finally {
    for (const { app, load } of tables) {
      load.close();
      await app.close();
    }
  }
}

/** The service with as many posts, those of an author between those of the others. */
async function startPosts(rows: number): Promise<{ app: TestApp; load: LoadGenerator; rows: number }> {
  const { AppModule } = await import('../apps/posts/dist/src/app.module.js');
  const { PostsConfig } = await import('../apps/posts/dist/src/app.config.js');
  const { schema } = await import('../apps/posts/dist/src/database/data-source.js');
  const app = await createTestApp(AppModule, PostsConfig, { schema, env: { CACHE_ENABLED: 'false' } });
  const authors = authorsOf(rows);
  // VACUUM marks no page of a commit that is not on disk yet as visible to all.
  await app.database.query('SET synchronous_commit = on');
  await app.database.query(
    `INSERT INTO posts.authors SELECT n, 'author' || n, false, 1 FROM generate_series(1, $1) n`,
    [authors],
  );
  await app.database.query(
    `INSERT INTO posts.posts (created_by_user_id, title, text, created_at)
     SELECT 1 + n % $1, 'Title ' || n, repeat('Text. ', 20), now() - n * interval '1 second' FROM generate_series(1, $2) n`,
    [authors, rows],
  );
  await app.database.query('VACUUM ANALYZE posts.authors, posts.posts');
  return { app, load: new LoadGenerator(app.url), rows };
}

const authorsOf = (rows: number) => Math.ceil(rows / POSTS_PER_AUTHOR);

/** The median time of requests for random posts, one after the other. */
async function p50(load: LoadGenerator, kind: Kind, rows: number): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < REQUESTS_PER_ROUND; n++) {
    const id = randomInt(1, rows + 1);
    const author = 1 + (id % authorsOf(rows));
    const request = kind({ id, author, path: `/api/v1/author${author}` });
    const { status, ms } = await load.send(request);
    if (status >= 300) throw new Failure(`${request.method} ${request.path} was answered with ${status}.`);
    times.push(ms);
  }
  return median(times);
}
