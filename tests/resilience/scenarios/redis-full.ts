import { setTimeout as delay } from 'node:timers/promises';
import { eventually, retry } from '../../support/eventually.ts';
import { createUser, uniqueName } from '../../support/users.ts';
import type { Scenario } from '../scenario.ts';
import { BackgroundLoad } from '../support/background-load.ts';
import { call, isSuccess, untilSuccess } from '../support/client.ts';

const FULL_MS = 5_000;
const COMPLETION_TIMEOUT_MS = 40_000;

export const redisFull: Scenario = {
  name: 'redis-full',
  guarantee:
    'Every Redis has no memory left and refuses writes: all requests are served, reads return what was written, and the tasks accepted meanwhile run when there is memory again.',
  quick: true,
  env: { DEFAULT_RATE_LIMIT_LIMIT: '1000000' },
  async run(system, report) {
    const servers = await Promise.all(
      (['redis-cache', 'redis-limits', 'redis-queue'] as const).map((name) => system.redis(name)),
    );
    const { username, token } = await retry(createUser);
    const limits = await Promise.all(servers.map((redis) => redis.config('GET', 'maxmemory')));
    await untilSuccess(() => call(`GET /${username}/posts`));
    await Promise.all(servers.map((redis) => redis.config('SET', 'maxmemory', '1')));

    const acknowledged = new Set<string>();
    let refused = 0;
    let stale = 0;
    const load = new BackgroundLoad();
    load.repeat(async () => {
      const answer = report.count(await call('POST /tasks/task?message=x', { token }));
      if (isSuccess(answer)) acknowledged.add(answer.body.id);
      else refused += 1;
    }, 250);
    load.repeat(async () => {
      const title = uniqueName('p');
      const body = { title, text: 'Text.' };
      const written = report.count(await call(`POST /${username}/post`, { token, body }));
      const read = report.count(await call(`GET /${username}/post/${written.body?.id}`));
      const page = report.count(await call(`GET /${username}/posts?items_per_page=1`));
      if (![written, read, page].every(isSuccess)) refused += 1;
      else if (read.body.title !== title) stale += 1;
    }, 50);
    await delay(FULL_MS);
    await load.stop();
    await Promise.all(
      servers.map((redis, index) => redis.config('SET', 'maxmemory', (limits[index] as string[])[1]!)),
    );

    const database = await system.database();
    const completed = async () => {
      const { rows } = await database.query<{ id: string }>(
        `SELECT id FROM jobs.tasks WHERE status = 'completed'`,
      );
      return new Set(rows.map(({ id }) => id));
    };
    const actual = await eventually(completed, ({ size }) => size >= acknowledged.size, {
      timeoutMs: COMPLETION_TIMEOUT_MS,
      intervalMs: 250,
    });
    report.compare(acknowledged, actual);
    report.atMost('requests refused', refused, 0);
    report.atMost('stale reads', stale, 0);
  },
};
