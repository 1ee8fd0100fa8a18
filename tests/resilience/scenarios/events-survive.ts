import { setTimeout as delay } from 'node:timers/promises';
import { mapConcurrently } from '../../support/concurrency.ts';
import { eventually, retry } from '../../support/eventually.ts';
import { createUser, uniqueName, type User } from '../../support/users.ts';
import type { Scenario } from '../scenario.ts';
import { Audit, duplicates } from '../support/audit.ts';
import { call, isSuccess, untilSuccess } from '../support/client.ts';
import type { Report } from '../support/report.ts';
import type { System } from '../support/system.ts';

const EVENTS = 5_000;
const WRITERS = 20;
const CATCH_UP_TIMEOUT_MS = 60_000;

/** Killed one after the other, each when the next sixth of the events is acknowledged. */
const KILLED = ['users', 'nats', 'users', 'nats', 'users'];

export const eventsSurvive: Scenario = {
  name: 'events-survive',
  guarantee: `${EVENTS.toLocaleString('en')} users are renamed while NATS is killed twice and the service that publishes the events three times: every event is applied, none twice.`,
  async run(system, report) {
    const audit = await Audit.start(await system.database());
    await audit.watch(
      'posts.authors',
      'INSERT OR UPDATE',
      `'author ' || NEW.id || ' version ' || NEW.version`,
    );
    const users = await Promise.all(Array.from({ length: WRITERS }, () => retry(createUser)));
    const acknowledged = new Set<string>();
    const renaming = mapConcurrently(users, WRITERS, async (user) => {
      while (acknowledged.size < EVENTS) await rename(user, acknowledged, report);
    });
    await Promise.all([renaming, killOneAfterAnother(acknowledged, system)]);

    const notApplied = async () => {
      const applied = await audit.appliedBy('posts');
      return (await audit.emitted('user.updated')).filter(({ id }) => !applied.has(id));
    };
    const lost = await eventually(notApplied, ({ length }) => length === 0, {
      timeoutMs: CATCH_UP_TIMEOUT_MS,
      intervalMs: 500,
    });
    const applied = await audit.appliedBy('posts');
    const events = await audit.emitted<{ username: string }>('user.updated');
    const actual = events.filter(({ id }) => applied.has(id)).map(({ data }) => data.username);
    report.compare(acknowledged, new Set(actual));
    report.atMost('events lost', lost.length, 0);
    report.atMost('events applied twice', duplicates((await audit.writes()).map(({ what }) => what)), 0);
  },
};

async function killOneAfterAnother(acknowledged: ReadonlySet<string>, system: System): Promise<void> {
  for (const [index, name] of KILLED.entries()) {
    await eventually(
      async () => acknowledged.size,
      (size) => size >= (EVENTS * (index + 1)) / (KILLED.length + 1),
      { timeoutMs: 300_000 },
    );
    await system.kill(name);
    await delay(1_000);
    await system.start(name);
  }
}

async function rename(user: User, acknowledged: Set<string>, report: Report): Promise<void> {
  const username = uniqueName('r');
  const { token } = user;
  const answer = await call(`PATCH /user/${user.username}`, { token, body: { username } });
  if (isSuccess(report.count(answer))) {
    user.username = username;
    acknowledged.add(username);
    return;
  }
  await delay(100);
  // The change was made or not.
  const me = await untilSuccess(() => call('GET /user/me', { token }));
  user.username = me.body.username;
}
