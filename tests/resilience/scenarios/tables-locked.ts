import { setTimeout as delay } from 'node:timers/promises';
import { retry } from '../../support/eventually.ts';
import { createPost } from '../../support/posts.ts';
import { createUser } from '../../support/users.ts';
import type { Scenario } from '../scenario.ts';
import { BackgroundLoad } from '../support/background-load.ts';
import { type Answer, call, isSuccess, isUnavailable } from '../support/client.ts';

const LOCKED_MS = 8_000;
/** A statement waits 2 s for a lock, a request 1 s for a connection. */
const LIMIT_S = 3.5;

export const tablesLocked: Scenario = {
  name: 'tables-locked',
  guarantee: `The table of posts is locked: requests that need it are refused as 503 problem details within ${LIMIT_S} s, all others are served, and after the lock is released everything works.`,
  quick: true,
  async run(system, report) {
    const database = await system.database();
    const user = await retry(createUser);
    const { username, token } = user;
    const body = { title: 'A post', text: 'Its text.' };
    const post = () => call(`POST /${username}/post`, { token, body });
    await retry(() => createPost(user));

    const blocked: Answer[] = [];
    const others: Answer[] = [];
    const load = new BackgroundLoad();
    for (let client = 0; client < 12; client++)
      load.repeat(async () => blocked.push(report.count(await post())), 50);
    load.repeat(async () => others.push(report.count(await call('GET /user/me', { token }))), 50);
    load.repeat(async () => others.push(report.count(await call('GET /tasks', { token }))), 50);
    const session = await database.connect();
    await session.query('BEGIN');
    await session.query('LOCK TABLE posts.posts IN ACCESS EXCLUSIVE MODE');
    await delay(LOCKED_MS);
    await load.stop();
    await session.query('ROLLBACK');
    session.release();
    const after = await post();

    const slowest = Math.max(...blocked.map(({ ms }) => ms));
    const forbidden = blocked.filter((answer) => !isSuccess(answer) && !isUnavailable(answer));
    for (const { status, text } of forbidden.slice(0, 3)) report.note(`${status} ${text}`);
    report.atMost('answers other than success and 503 problem details', forbidden.length, 0);
    report.atLeast('refused', blocked.filter(isUnavailable).length, 1);
    report.atMost('longest answer', slowest / 1000, LIMIT_S, ' s');
    report.atMost('others refused', others.filter((answer) => !isSuccess(answer)).length, 0);
    report.atMost('refused afterwards', isSuccess(after) ? 0 : 1, 0);
  },
};
