import { setTimeout as delay } from 'node:timers/promises';
import { eventually, retry } from '../../support/eventually.ts';
import { createUser, newUser, uniqueName } from '../../support/users.ts';
import type { Scenario } from '../scenario.ts';
import { BackgroundLoad } from '../support/background-load.ts';
import { type Answer, call, isSuccess } from '../support/client.ts';

const CLIENTS = 4;
const RECOVERY_LIMIT_S = 5;
const APPS = ['auth', 'users', 'posts', 'jobs', 'worker'];

export const postgresKilled: Scenario = {
  name: 'postgres-killed',
  guarantee: `PostgreSQL is killed twice under load: every acknowledged write is there, all services work ${RECOVERY_LIMIT_S} s after it accepts connections, and no process exits.`,
  quick: true,
  env: { DEFAULT_RATE_LIMIT_LIMIT: '1000000' },
  async run(system, report) {
    const database = await system.database();
    const { username, token } = await retry(createUser);
    const acknowledged = new Set<string>();
    const recovered = new Set<string>();
    const pids = () => APPS.map((app) => system.process(app).pid);
    const before = pids();

    const record = (kind: string, answer: Answer, key: string) => {
      if (!isSuccess(report.count(answer))) return;
      acknowledged.add(`${kind} ${key}`);
      recovered.add(kind);
    };
    const load = new BackgroundLoad();
    for (let client = 0; client < CLIENTS; client++) {
      load.repeat(async () => {
        const title = uniqueName('p');
        const body = { title, text: 'Text.' };
        record('post', await call(`POST /${username}/post`, { token, body }), title);
      }, 10);
    }
    load.repeat(async () => {
      const answer = await call('POST /tasks/task?message=x', { token });
      record('task', answer, answer.body?.id);
    }, 20);
    load.repeat(async () => {
      const body = newUser();
      record('sign-up', await call('POST /user', { body }), body.username);
    }, 50);

    const recoveries: number[] = [];
    for (let kill = 1; kill <= 2; kill++) {
      await delay(4_000);
      await system.kill('postgres');
      await delay(2_000);
      await system.start('postgres');
      const acceptsAt = performance.now();
      recovered.clear();
      await eventually(
        async () => recovered.size,
        (kinds) => kinds === 3,
        { timeoutMs: 30_000, intervalMs: 10 },
      );
      recoveries.push(performance.now() - acceptsAt);
    }
    await delay(2_000);
    await load.stop();

    const { rows } = await database.query<{ item: string }>(
      `SELECT 'post ' || title AS item FROM posts.posts UNION ALL SELECT 'task ' || id FROM jobs.tasks
       UNION ALL SELECT 'sign-up ' || username FROM users.users`,
    );
    report.compare(acknowledged, new Set(rows.map(({ item }) => item)));
    report.atMost('recovery', Math.max(...recoveries) / 1000, RECOVERY_LIMIT_S, ' s');
    const after = pids();
    report.atMost('processes that exited', before.filter((pid, index) => pid !== after[index]).length, 0);
  },
};
