import { join, uniqueName } from '../../support/people.js';
import type { World } from '../world.js';
import { type Measurement, rounded } from './measurement.js';
import { percentile } from './latency.js';

const NAMES = 25;
const ROUNDS = 8;

/** Whether the time of a failed login tells that a name is known: known and unknown names by turns. */
export async function loginTimes(world: World): Promise<Measurement> {
  const known = await Promise.all(Array.from({ length: NAMES }, async () => (await join()).username));
  const unknown = Array.from({ length: NAMES }, () => uniqueName());
  const times = { known: [] as number[], unknown: [] as number[] };
  const guess = async (username: string) => {
    const from = world.stranger();
    const startedAt = performance.now();
    await from('POST /login', { form: { username, password: 'a wrong password' } });
    return performance.now() - startedAt;
  };
  for (let i = 0; i < 10; i++) await guess(uniqueName());
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < NAMES; i++) {
      // Which of the two comes first changes, so that neither has it easier.
      const order = (round + i) % 2 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
      for (const kind of order) times[kind].push(await guess((kind === 'known' ? known : unknown)[i]!));
    }
  }
  const auc = areaUnderCurve(times.known, times.unknown);
  return {
    what: `times of ${times.known.length} failed logins with known and ${times.unknown.length} with unknown names, by turns: AUC`,
    seen: `${rounded(auc, 2)} (medians ${rounded(percentile(times.known, 0.5))} and ${rounded(percentile(times.unknown, 0.5))} ms)`,
    right: '0.40 to 0.60',
    ok: auc >= 0.4 && auc <= 0.6,
  };
}

/** How often a known name takes longer than an unknown one; one half when the time tells nothing. */
function areaUnderCurve(known: number[], unknown: number[]): number {
  let longer = 0;
  for (const a of known) for (const b of unknown) longer += a > b ? 1 : a === b ? 0.5 : 0;
  return longer / (known.length * unknown.length);
}
