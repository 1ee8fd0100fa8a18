import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../row.js';
import { isSuccess } from '../support/client.js';
import { Load } from '../support/load.js';
import { join, signUpForm, uniqueName } from '../support/people.js';
import { eventually } from '../../support/eventually.js';

const LANES = 4;
const RECOVERY_LIMIT_MS = 5_000;
const APPS = ['auth', 'users', 'posts', 'jobs', 'worker'];

export const postgresKilled: Row = {
  name: 'postgres-killed',
  promise:
    'Postgres is killed twice under load: every write that was acknowledged is there afterwards, all work again within 5 s after it accepts connections, and no process exits.',
  quick: true,
  env: { DEFAULT_RATE_LIMIT_LIMIT: '1000000' },
  async run(system, report) {
    const database = await system.database();
    const { username, token } = await join(system.call);
    const acknowledged = new Set<string>();
    const worksAgain = new Map<string, number>();
    const pids = () => APPS.map((app) => system.process(app).pid);
    const before = pids();

    const write = async (kind: string, key: string, call: ReturnType<typeof system.call>) => {
      const answer = report.count(await call);
      if (!isSuccess(answer)) return;
      acknowledged.add(kind === 'task' ? `task ${answer.body.id}` : `${kind} ${key}`);
      if (!worksAgain.has(kind)) worksAgain.set(kind, performance.now());
    };
    const load = new Load();
    for (let lane = 0; lane < LANES; lane++) {
      load.repeat(async () => {
        const title = uniqueName('p');
        const body = { title, text: 'Text.' };
        await write('post', title, system.call(`POST /${username}/post`, { token, body }));
      }, 10);
    }
    load.repeat(async () => write('task', '', system.call('POST /tasks/task?message=x', { token })), 20);
    load.repeat(async () => {
      const body = signUpForm();
      await write('sign-up', body.username, system.call('POST /user', { body }));
    }, 50);

    const recoveries: number[] = [];
    for (let kill = 1; kill <= 2; kill++) {
      await delay(4_000);
      await system.kill('postgres');
      await delay(2_000);
      await system.start('postgres');
      const acceptsAt = performance.now();
      worksAgain.clear();
      await eventually(
        async () => worksAgain.size,
        (kinds) => kinds === 3,
        { timeoutMs: 30_000, intervalMs: 10 },
      );
      recoveries.push(performance.now() - acceptsAt);
    }
    await delay(2_000);
    await load.stop();

    const { rows } = await database.query(
      `SELECT 'post ' || title AS item FROM posts.posts UNION ALL SELECT 'task ' || id FROM jobs.tasks
       UNION ALL SELECT 'sign-up ' || username FROM users.users`,
    );
    report.compare(acknowledged, new Set((rows as { item: string }[]).map(({ item }) => item)));
    report.atMost('recovery', Math.max(...recoveries) / 1000, RECOVERY_LIMIT_MS / 1000, ' s');
    const after = pids();
    report.atMost('processes that exited', before.filter((pid, index) => pid !== after[index]).length, 0);
  },
};
