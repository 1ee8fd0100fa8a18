import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../row.js';
import { isHonestRefusal, isSuccess } from '../support/client.js';
import { Load } from '../support/load.js';
import { join, untilDone } from '../support/people.js';

const LOCKED_MS = 8_000;
/** Statements wait two seconds for a lock, and a caller one for a connection. */
const LIMIT_S = 3.5;

export const tablesLocked: Row = {
  name: 'tables-locked',
  promise: `Somebody locks the table of posts: requests that need it are refused as 503 problem details within ${LIMIT_S} s, all others are served, and when the lock is gone all is normal.`,
  quick: true,
  async run(system, report) {
    const database = await system.database();
    const { username, token } = await join(system.call);
    const body = { title: 'A post', text: 'Its text.' };
    const post = () => system.call(`POST /${username}/post`, { token, body });
    await untilDone(post);

    const blocked: Awaited<ReturnType<typeof post>>[] = [];
    const others: typeof blocked = [];
    const load = new Load();
    for (let lane = 0; lane < 12; lane++)
      load.repeat(async () => blocked.push(report.count(await post())), 50);
    load.repeat(async () => others.push(report.count(await system.call('GET /user/me', { token }))), 50);
    load.repeat(async () => others.push(report.count(await system.call('GET /tasks', { token }))), 50);
    const session = await database.connect();
    await session.query('BEGIN');
    await session.query('LOCK TABLE posts.posts IN ACCESS EXCLUSIVE MODE');
    await delay(LOCKED_MS);
    const stopping = load.stop();
    await stopping;
    await session.query('ROLLBACK');
    session.release();
    const after = await post();

    const slowest = Math.max(...blocked.map(({ ms }) => ms));
    const dishonest = blocked.filter((answer) => !isSuccess(answer) && !isHonestRefusal(answer));
    for (const { status, text } of dishonest.slice(0, 3)) report.note(`${status} ${text}`);
    report.atMost('other answers than success and 503 problem details', dishonest.length, 0);
    report.atLeast('refused', blocked.filter(isHonestRefusal).length, 1);
    report.atMost('longest answer', slowest / 1000, LIMIT_S, ' s');
    report.atMost('others refused', others.filter((answer) => !isSuccess(answer)).length, 0);
    report.atMost('refused afterwards', isSuccess(after) ? 0 : 1, 0);
  },
};
