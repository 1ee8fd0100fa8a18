import { carryOut, type AttackResult } from './attack.js';
import { ATTACKS } from './rows/index.js';
import type { World } from './world.js';

export { measureDisturbances, measureSecrets } from './measure/index.js';
export { attackTables, isCurrent, measurementTable, requestsSentence, writePart } from './report.js';
export { sendRequests } from './requests/main.js';
export { makeWorld } from './world.js';

/** Attacks side by side: some only wait. */
const LANES = 8;

/** Carries out the attacks of the table, or those whose group or name holds a text. */
export async function attack(world: World, only = ''): Promise<AttackResult[]> {
  const waiting = Object.entries(ATTACKS).flatMap(([group, attacks]) =>
    attacks
      .filter(({ name }) => `${group}: ${name}`.toLowerCase().includes(only.toLowerCase()))
      .map((row, index) => ({ group, row, index })),
  );
  const order = new Map(waiting.map(({ row }, index) => [row.name, index]));
  const results: AttackResult[] = [];
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift())
        results.push(await carryOut(next.group, next.row, world));
    }),
  );
  return results.sort((a, b) => order.get(a.name)! - order.get(b.name)!);
}
