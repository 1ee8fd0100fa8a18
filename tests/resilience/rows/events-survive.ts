import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../row.js';
import { eventually } from '../../support/eventually.js';
import { Audit, repeated } from '../support/audit.js';
import { isSuccess } from '../support/client.js';
import { sideBySide } from '../support/load.js';
import { join, type Person, uniqueName, untilDone } from '../support/people.js';
import type { Report } from '../support/report.js';
import type { System } from '../support/system.js';

const EVENTS = 5_000;
const WRITERS = 20;
const CATCH_UP_LIMIT_MS = 60_000;

/** What is killed, each time when this share of the events is acknowledged. */
const KILLS = ['users', 'nats', 'users', 'nats', 'users'];

export const eventsSurvive: Row = {
  name: 'events-survive',
  promise: `${EVENTS.toLocaleString('en')} renames while NATS is killed twice and the service that relays them three times: every event is applied, none twice.`,
  async run(system, report) {
    const audit = await Audit.of(await system.database());
    await audit.watch(
      'posts.authors',
      'INSERT OR UPDATE',
      `'author ' || NEW.id || ' version ' || NEW.version`,
    );
    const people = await Promise.all(Array.from({ length: WRITERS }, () => join(system.call)));
    const acknowledged = new Set<string>();
    const renaming = sideBySide(people, WRITERS, async (person) => {
      while (acknowledged.size < EVENTS) await rename(person, acknowledged, system, report);
    });
    await Promise.all([renaming, killInTurn(acknowledged, system)]);

    const lost = async () => {
      const applied = await audit.appliedBy('posts');
      return (await audit.emitted('user.updated')).filter(({ id }) => !applied.has(id));
    };
    const missing = await eventually(lost, ({ length }) => length === 0, {
      timeoutMs: CATCH_UP_LIMIT_MS,
      intervalMs: 500,
    });
    const applied = await audit.appliedBy('posts');
    const seen = (await audit.emitted<{ username: string }>('user.updated')).filter(({ id }) =>
      applied.has(id),
    );
    report.compare(acknowledged, new Set(seen.map(({ data }) => data.username)));
    report.atMost('events lost', missing.length, 0);
    report.atMost('events applied twice', repeated((await audit.noted()).map(({ what }) => what)), 0);
  },
};

async function killInTurn(acknowledged: ReadonlySet<string>, system: System): Promise<void> {
  for (const [index, victim] of KILLS.entries()) {
    await eventually(
      async () => acknowledged.size,
      (size) => size >= (EVENTS * (index + 1)) / (KILLS.length + 1),
      { timeoutMs: 300_000 },
    );
    await system.kill(victim);
    await delay(1_000);
    await system.start(victim);
  }
}

async function rename(
  person: Person,
  acknowledged: Set<string>,
  system: System,
  report: Report,
): Promise<void> {
  const username = uniqueName('r');
  const { token } = person;
  const answer = await system.call(`PATCH /user/${person.username}`, { token, body: { username } });
  if (isSuccess(report.count(answer))) {
    person.username = username;
    acknowledged.add(username);
    return;
  }
  await delay(100);
  // It may have happened, or not.
  const me = await untilDone(() => system.call('GET /user/me', { token }));
  person.username = me.body.username;
}
