import { setTimeout as delay } from 'node:timers/promises';
import { retry } from '../../support/eventually.ts';
import { createUser, uniqueName } from '../../support/users.ts';
import type { Scenario } from '../scenario.ts';
import { BackgroundLoad } from '../support/background-load.ts';
import { call, isSuccess } from '../support/client.ts';

const ROUNDS = 5;

export const backendsTerminated: Scenario = {
  name: 'backends-terminated',
  guarantee: `An operator ends every database session of the services, ${ROUNDS} times under load: every acknowledged write is there, no process exits, and the next requests succeed.`,
  quick: true,
  async run(system, report) {
    const database = await system.database();
    const { username, token } = await retry(createUser);
    const acknowledged = new Set<string>();
    const write = async () => {
      const title = uniqueName('p');
      const body = { title, text: 'Text.' };
      const answer = report.count(await call(`POST /${username}/post`, { token, body }));
      if (isSuccess(answer)) acknowledged.add(title);
      return answer;
    };
    const before = system.process('posts').pid;
    const load = new BackgroundLoad().repeat(write, 10).repeat(write, 10).repeat(write, 10);
    let refused = 0;
    for (let round = 1; round <= ROUNDS; round++) {
      await delay(1_000);
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename <> 'postgres'`,
      );
      await delay(500);
      if (!isSuccess(await write())) refused += 1;
    }
    await load.stop();

    const { rows } = await database.query<{ title: string }>('SELECT title FROM posts.posts');
    report.compare(acknowledged, new Set(rows.map(({ title }) => title)));
    report.atMost('writes refused 0.5 s later', refused, 0);
    report.atMost('processes that exited', system.process('posts').pid === before ? 0 : 1, 0);
  },
};
