import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../row.js';
import { eventually } from '../../support/eventually.js';
import { isSuccess } from '../support/client.js';
import { Load } from '../support/load.js';
import { join, uniqueName, untilDone } from '../support/people.js';

const FULL_MS = 5_000;
const DONE_LIMIT_MS = 40_000;

export const redisFull: Row = {
  name: 'redis-full',
  promise:
    'Every Redis refuses every write for want of memory: all requests are served, reads see every write, and the tasks accepted meanwhile run once there is room.',
  quick: true,
  env: { DEFAULT_RATE_LIMIT_LIMIT: '1000000' },
  async run(system, report) {
    const servers = await Promise.all(
      (['redis-cache', 'redis-limits', 'redis-queue'] as const).map((name) => system.redis(name)),
    );
    const { username, token } = await join(system.call);
    const memory = await Promise.all(servers.map((redis) => redis.config('GET', 'maxmemory')));
    await untilDone(() => system.call(`GET /${username}/posts`));
    await Promise.all(servers.map((redis) => redis.config('SET', 'maxmemory', '1')));

    const acknowledged = new Set<string>();
    let failed = 0;
    let stale = 0;
    const load = new Load();
    load.repeat(async () => {
      const answer = report.count(await system.call('POST /tasks/task?message=x', { token }));
      if (isSuccess(answer)) acknowledged.add(answer.body.id);
      else failed += 1;
    }, 250);
    load.repeat(async () => {
      const title = uniqueName('p');
      const body = { title, text: 'Text.' };
      const written = report.count(await system.call(`POST /${username}/post`, { token, body }));
      const read = report.count(await system.call(`GET /${username}/post/${written.body?.id}`));
      const page = report.count(await system.call(`GET /${username}/posts?items_per_page=1`));
      if (![written, read, page].every(isSuccess)) failed += 1;
      else if (read.body.title !== title) stale += 1;
    }, 50);
    await delay(FULL_MS);
    await load.stop();
    await Promise.all(
      servers.map((redis, index) => redis.config('SET', 'maxmemory', (memory[index] as string[])[1]!)),
    );

    const database = await system.database();
    const completed = async () => {
      const { rows } = await database.query(`SELECT id FROM jobs.tasks WHERE status = 'completed'`);
      return new Set((rows as { id: string }[]).map(({ id }) => id));
    };
    const seen = await eventually(completed, ({ size }) => size >= acknowledged.size, {
      timeoutMs: DONE_LIMIT_MS,
      intervalMs: 250,
    });
    report.compare(acknowledged, seen);
    report.atMost('requests refused', failed, 0);
    report.atMost('stale reads', stale, 0);
  },
};
