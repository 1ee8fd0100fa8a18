import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatewayUrl } from '../../support/api.ts';
import { processTree } from '../../support/process-tree.ts';
import { percentile } from '../../support/statistics.ts';
import { createUser, type User } from '../../support/users.ts';
import type { Fixture } from '../fixture.ts';
import { latencies } from './latency.ts';
import type { LoginLoad, LoginResult } from './login-client.ts';
import { type Measurement, rounded } from './measurement.ts';

const LOGINS = 100;
/** Idle and under load in turn, so that other work of the machine affects both alike. */
const ROUNDS = 6;
const SECONDS = 4;
const WARM_UPS = 3;
const MEMORY_LIMIT_MB = 150;

/** Measures the cost of 100 concurrent logins for other requests. */
export async function loginLoad(fixture: Fixture): Promise<Measurement[]> {
  const users = await Promise.all(Array.from({ length: 10 }, () => createUser()));
  const memoryBefore = memoryOf(fixture);
  let peakMemory = memoryBefore;
  const watch = setInterval(() => (peakMemory = Math.max(peakMemory, memoryOf(fixture))), 250);
  // The first rounds open connections, and have code compiled.
  for (let round = 0; round < WARM_UPS; round++) await duringLogins(users, () => latencies(fixture, SECONDS));
  const idle: number[] = [];
  const loaded: number[] = [];
  const logins: LoginResult = { served: 0, refused: 0, seconds: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    idle.push(...(await latencies(fixture, SECONDS)));
    const { result, ...part } = await duringLogins(users, () => latencies(fixture, SECONDS));
    loaded.push(...result);
    logins.served += part.served;
    logins.refused += part.refused;
    logins.seconds += part.seconds;
  }
  clearInterval(watch);
  const [p99Idle, p99Loaded] = [percentile(idle, 0.99), percentile(loaded, 0.99)];
  const moreMemory = peakMemory - memoryBefore;
  return [
    {
      what: `p99 of other routes during ${LOGINS} concurrent logins`,
      actual: `${rounded(p99Loaded / p99Idle, 2)} × idle (${rounded(p99Idle)} → ${rounded(p99Loaded)} ms; ${Math.round(logins.served / logins.seconds)} logins per second, ${logins.refused} refused)`,
      limit: 'at most 2 × idle',
      ok: p99Loaded <= 2 * p99Idle,
    },
    {
      what: 'more memory of all processes of auth and users meanwhile',
      actual: `${Math.round(moreMemory)} MB`,
      limit: `at most ${MEMORY_LIMIT_MB} MB`,
      ok: moreMemory <= MEMORY_LIMIT_MB,
    },
  ];
}

/** Does something while another process keeps logins in flight. Returns the result, and what became of the logins. */
async function duringLogins<T>(users: User[], work: () => Promise<T>): Promise<LoginResult & { result: T }> {
  const load: LoginLoad = {
    url: gatewayUrl(),
    concurrency: LOGINS,
    users: users.map(({ username, password }) => ({ username, password })),
  };
  const client = fork(join(import.meta.dirname, 'login-client.ts'), [JSON.stringify(load)]);
  await once(client, 'message');
  const result = await work();
  client.send('end');
  const [logins] = (await once(client, 'message')) as [LoginResult];
  return { ...logins, result };
}

/** Resident memory of the processes that verify passwords and issue tokens, in MB. */
function memoryOf({ pids }: Fixture): number {
  return [pids.auth!, pids.users!]
    .flatMap(processTree)
    .map((pid) => /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
    .reduce((sum, kilobytes) => sum + Number(kilobytes) / 1_024, 0);
}
