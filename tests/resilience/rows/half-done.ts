import type { Row } from '../row.js';
import { eventually } from '../../support/eventually.js';
import { isSuccess } from '../support/client.js';
import { Load, sideBySide } from '../support/load.js';
import { join, uniqueName } from '../support/people.js';
import { repeated } from '../support/audit.js';
import { messagesOf } from '../support/stream.js';

/** Where the process dies, and how often it passes there before. */
const DEATHS = ['transaction.before-commit@40', 'outbox.before-publish@30', 'outbox.before-mark@30'];
const CHANGES = 500;
const LANES = 4;
const CATCH_UP_LIMIT_MS = 30_000;

export const halfDone: Row = {
  name: 'half-done',
  promise: `${CHANGES} posts while their service dies before a commit, between commit and publication, and between publication and its note: the events in the stream are exactly the posts in the table.`,
  quick: true,
  async run(system, report) {
    const database = await system.database();
    const { username, token } = await join(system.call);
    const acknowledged = new Set<string>();
    const lives = new Set<number>();
    const watching = new Load().repeat(async () => lives.add(system.process('posts').pid ?? 0), 20);
    for (const death of DEATHS) {
      await system.restartWith('posts', { FAILPOINTS: death });
      const share = Array.from({ length: Math.ceil(CHANGES / DEATHS.length) }, () => uniqueName('p'));
      await sideBySide(share, LANES, async (title) => {
        const answer = await system.call(`POST /${username}/post`, { token, body: { title, text: 'Text.' } });
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
    await eventually(waiting, ({ rowCount }) => rowCount === 0, { timeoutMs: CATCH_UP_LIMIT_MS });
    const { rows } = await database.query('SELECT id, title FROM posts.posts');
    const events = (await messagesOf<{ id: number }>(system, 'events.post.created')).map(({ id }) =>
      String(id),
    );
    const ids = new Set((rows as { id: number }[]).map(({ id }) => String(id)));
    report.compare(acknowledged, new Set((rows as { title: string }[]).map(({ title }) => title)));
    report.atLeast('deaths', lives.size - DEATHS.length, 2 * DEATHS.length);
    report.atMost('posts without an event', [...ids].filter((id) => !events.includes(id)).length, 0);
    report.atMost('events without a post', events.filter((id) => !ids.has(id)).length, 0);
    report.atMost('events published twice', repeated(events), 0);
  },
};
