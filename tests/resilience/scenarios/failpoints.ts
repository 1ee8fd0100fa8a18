import { randomUUID } from 'node:crypto';
import { mapConcurrently } from '../../support/concurrency.ts';
import { eventually, retry } from '../../support/eventually.ts';
import { createUser, uniqueName } from '../../support/users.ts';
import type { Scenario } from '../scenario.ts';
import { duplicates } from '../support/audit.ts';
import { BackgroundLoad } from '../support/background-load.ts';
import { call, isSuccess } from '../support/client.ts';
import { messagesOf } from '../support/stream.ts';

/** The places where the process crashes, and the number of the pass. */
const FAILPOINTS = ['transaction.before-commit@40', 'outbox.before-publish@10', 'outbox.before-delete@10'];
/** With a key, the post, its event and the response are several statements. */
const IN_TRANSACTION = () => ({ 'Idempotency-Key': randomUUID() });
const POSTS = 500;
const CLIENTS = 4;
const CATCH_UP_TIMEOUT_MS = 30_000;

export const failpoints: Scenario = {
  name: 'failpoints',
  guarantee: `${POSTS} posts are created while their service crashes before a commit, between commit and publication, and between publication and its record in the outbox: the events in the stream are exactly the posts in the table.`,
  quick: true,
  async run(system, report) {
    const database = await system.database();
    const { username, token } = await retry(createUser);
    const acknowledged = new Set<string>();
    const pids = new Set<number>();
    const watching = new BackgroundLoad().repeat(async () => pids.add(system.process('posts').pid ?? 0), 20);
    for (const failpoint of FAILPOINTS) {
      await system.restartWith('posts', { FAILPOINTS: failpoint });
      const titles = Array.from({ length: Math.ceil(POSTS / FAILPOINTS.length) }, () => uniqueName('p'));
      await mapConcurrently(titles, CLIENTS, async (title) => {
        const answer = await call(`POST /${username}/post`, {
          token,
          body: { title, text: 'Text.' },
          headers: failpoint.startsWith('transaction') ? IN_TRANSACTION() : {},
        });
        if (isSuccess(report.count(answer))) acknowledged.add(title);
        else
          await eventually(
            async () => system.process('posts').state,
            (state) => state === 'ready',
          );
      });
    }
    await watching.stop();
    await system.restartWith('posts', { FAILPOINTS: '' });

    const waiting = () => database.query('SELECT FROM posts.outbox');
    await eventually(waiting, ({ rowCount }) => rowCount === 0, { timeoutMs: CATCH_UP_TIMEOUT_MS });
    const { rows } = await database.query<{ id: number; title: string }>('SELECT id, title FROM posts.posts');
    const created = await messagesOf<{ id: number }>(system, 'events.post.created');
    const events = created.map(({ id }) => String(id));
    const ids = new Set(rows.map(({ id }) => String(id)));
    report.compare(acknowledged, new Set(rows.map(({ title }) => title)));
    report.atLeast('crashes', pids.size - FAILPOINTS.length, 2 * FAILPOINTS.length);
    report.atMost('posts without an event', [...ids].filter((id) => !events.includes(id)).length, 0);
    report.atMost('events without a post', events.filter((id) => !ids.has(id)).length, 0);
    report.atMost('events published twice', duplicates(events), 0);
  },
};
