import { readFileSync } from 'node:fs';
import { join } from '../../support/people.js';
import { api } from '../../support/gateway.js';
import type { World } from '../world.js';
import { latencies, percentile } from './latency.js';
import { type Measurement, rounded } from './measurement.js';

const LOGINS = 100;
const SECONDS = 8;
const MEGABYTES_MORE = 150;

/** A hundred logins in flight at any time, and what that does to everybody else. */
export async function loginStorm(world: World): Promise<Measurement[]> {
  const people = await Promise.all(Array.from({ length: 10 }, () => join()));
  await latencies(world, 2);
  const before = memoryOf(world);
  const idle: number[] = [];
  const busy: number[] = [];
  let most = before;
  for (let turn = 0; turn < 2; turn++) {
    idle.push(...(await latencies(world, SECONDS)));
    const over = new AbortController();
    const storm = Array.from({ length: LOGINS }, async (_, index) => {
      const { username, password } = people[index % people.length]!;
      while (!over.signal.aborted) await api('POST /login', { form: { username, password } });
    });
    const watch = setInterval(() => (most = Math.max(most, memoryOf(world))), 250);
    busy.push(...(await latencies(world, SECONDS)));
    over.abort();
    await Promise.all(storm);
    clearInterval(watch);
  }
  const [quiet, loud] = [percentile(idle, 0.99), percentile(busy, 0.99)];
  return [
    {
      what: `p99 of other routes while ${LOGINS} logins are in flight`,
      seen: `${rounded(loud / quiet, 2)} × idle (${rounded(quiet)} → ${rounded(loud)} ms)`,
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

/** Resident memory of the processes that judge passwords and make tokens, in MB. */
function memoryOf({ pids }: World): number {
  return ['auth', 'auth-2', 'users', 'users-2']
    .map((name) => /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pids[name]}/status`, 'utf8'))?.[1])
    .reduce((sum, kilobytes) => sum + Number(kilobytes) / 1_024, 0);
}
