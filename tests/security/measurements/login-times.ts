import { median } from '../../support/statistics.ts';
import { createUser, uniqueName } from '../../support/users.ts';
import type { Fixture } from '../fixture.ts';
import { type Measurement, rounded } from './measurement.ts';

const NAMES = 25;
const ROUNDS = 8;

/** Whether the time of a failed login discloses that a username exists. */
export async function loginTimes({ newClient }: Fixture): Promise<Measurement> {
  const known = await Promise.all(Array.from({ length: NAMES }, async () => (await createUser()).username));
  const unknown = Array.from({ length: NAMES }, () => uniqueName());
  const times = { known: [] as number[], unknown: [] as number[] };
  const attempt = async (username: string) => {
    const client = newClient();
    const startedAt = performance.now();
    await client('POST /login', { form: { username, password: 'a wrong password' } });
    return performance.now() - startedAt;
  };
  for (let i = 0; i < 10; i++) await attempt(uniqueName());
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < NAMES; i++) {
      // The order alternates, so that neither kind has an advantage.
      const order = (round + i) % 2 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
      for (const kind of order) times[kind].push(await attempt((kind === 'known' ? known : unknown)[i]!));
    }
  }
  const auc = areaUnderCurve(times.known, times.unknown);
  return {
    what: `times of ${times.known.length} failed logins with known and ${times.unknown.length} with unknown usernames, in turn: AUC`,
    actual: `${rounded(auc, 2)} (medians ${rounded(median(times.known))} and ${rounded(median(times.unknown))} ms)`,
    limit: '0.40 to 0.60',
    ok: auc >= 0.4 && auc <= 0.6,
  };
}

/** The probability that a known username takes longer than an unknown one. 0.5: the time discloses nothing. */
function areaUnderCurve(known: number[], unknown: number[]): number {
  let longer = 0;
  for (const a of known) for (const b of unknown) longer += a > b ? 1 : a === b ? 0.5 : 0;
  return longer / (known.length * unknown.length);
}
