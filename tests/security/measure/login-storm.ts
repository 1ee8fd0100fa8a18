import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, type Person } from '../../support/people.js';
import { GATEWAY_URL } from '../../support/gateway.js';
import type { World } from '../world.js';
import { latencies, percentile } from './latency.js';
import { type Measurement, rounded } from './measurement.js';
import type { StormOutcome } from './storm-client.js';

const LOGINS = 100;
/** Quiet and storm by turns, so that whatever else the machine does falls on both. */
const TURNS = 6;
const SECONDS = 4;
const WARM_UPS = 3;
const MEGABYTES_MORE = 150;

/** A hundred logins in flight at any time, and what that does to everybody else. */
export async function loginStorm(world: World): Promise<Measurement[]> {
  const people = await Promise.all(Array.from({ length: 10 }, () => join()));
  const before = memoryOf(world);
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, memoryOf(world))), 250);
  // The first storms open connections, and have code compiled.
  for (let turn = 0; turn < WARM_UPS; turn++) await during(people, () => latencies(world, SECONDS));
  const idle: number[] = [];
  const busy: number[] = [];
  const logins: StormOutcome = { served: 0, refused: 0, seconds: 0 };
  for (let turn = 0; turn < TURNS; turn++) {
    idle.push(...(await latencies(world, SECONDS)));
    const storm = await during(people, () => latencies(world, SECONDS));
    busy.push(...storm.result);
    logins.served += storm.logins.served;
    logins.refused += storm.logins.refused;
    logins.seconds += storm.logins.seconds;
  }
  clearInterval(watch);
  const [quiet, loud] = [percentile(idle, 0.99), percentile(busy, 0.99)];
  return [
    {
      what: `p99 of other routes while ${LOGINS} logins are in flight`,
      seen: `${rounded(loud / quiet, 2)} × idle (${rounded(quiet)} → ${rounded(loud)} ms; ${Math.round(logins.served / logins.seconds)} logins a second, ${logins.refused} refused)`,
      right: 'at most 2 × idle',
      ok: loud <= 2 * quiet,
    },
    {
      what: 'memory that auth and users take more meanwhile, all processes together',
      seen: `${Math.round(most - before)} MB`,
      right: `at most ${MEGABYTES_MORE} MB`,
      ok: most - before <= MEGABYTES_MORE,
    },
  ];
}

/** Does something during a storm, and tells what became of the logins. */
async function during<T>(
  people: Person[],
  work: () => Promise<T>,
): Promise<{ result: T; logins: StormOutcome }> {
  const storm = {
    url: GATEWAY_URL,
    logins: LOGINS,
    people: people.map(({ username, password }) => ({ username, password })),
  };
  const client = fork(fileURLToPath(new URL('storm-client.js', import.meta.url)), [JSON.stringify(storm)]);
  await once(client, 'message');
  const result = await work();
  client.send('over');
  const [logins] = (await once(client, 'message')) as [StormOutcome];
  return { result, logins };
}

/** Resident memory of the processes that judge passwords and make tokens, their children among them, in MB. */
function memoryOf({ pids }: World): number {
  return [pids.auth!, pids.users!]
    .flatMap((pid) => [pid, ...childrenOf(pid)])
    .map((pid) => /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
    .reduce((sum, kilobytes) => sum + Number(kilobytes) / 1_024, 0);
}

/** Of all its threads: cheap to read, because whoever measures must not be kept from its clock. */
function childrenOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
}
