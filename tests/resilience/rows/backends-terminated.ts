import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../row.js';
import { isSuccess } from '../support/client.js';
import { Load } from '../support/load.js';
import { join, uniqueName } from '../support/people.js';

const ROUNDS = 5;

export const backendsTerminated: Row = {
  name: 'backends-terminated',
  promise: `An operator ends every database session of the services, ${ROUNDS} times under load: every write that was acknowledged is there, no process exits, and the next requests work.`,
  quick: true,
  async run(system, report) {
    const database = await system.database();
    const { username, token } = await join(system.call);
    const acknowledged = new Set<string>();
    const write = async () => {
      const title = uniqueName('p');
      const body = { title, text: 'Text.' };
      const answer = report.count(await system.call(`POST /${username}/post`, { token, body }));
      if (isSuccess(answer)) acknowledged.add(title);
      return answer;
    };
    const before = system.process('posts').pid;
    const load = new Load().repeat(write, 10).repeat(write, 10).repeat(write, 10);
    let failedAfter = 0;
    for (let round = 1; round <= ROUNDS; round++) {
      await delay(1_000);
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename <> 'postgres'`,
      );
      await delay(500);
      if (!isSuccess(await write())) failedAfter += 1;
    }
    await load.stop();

    const { rows } = await database.query('SELECT title FROM posts.posts');
    report.compare(acknowledged, new Set((rows as { title: string }[]).map(({ title }) => title)));
    report.atMost('writes refused half a second later', failedAfter, 0);
    report.atMost('processes that exited', system.process('posts').pid === before ? 0 : 1, 0);
  },
};
