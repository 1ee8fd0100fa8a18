import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../tools/lib/failure.ts';
import { rounded } from './compare.ts';

/** The recorded ratio of each subject to its yardstick, by its name. */
type Budget = Record<string, number>;

interface Result {
  name: string;
  ratio: number;
}

const FILE = join(import.meta.dirname, '../budget.json');
/** A ratio may be this much above the recorded one: machines and runs differ. */
const MARGIN = 1.5;

export const readBudget = () => JSON.parse(readFileSync(FILE, 'utf8')) as Budget;

/** Subjects that were not measured keep their ratios. */
export function writeBudget(results: Result[]): void {
  const measured = Object.fromEntries(results.map(({ name, ratio }) => [name, rounded(ratio)]));
  writeFileSync(FILE, `${JSON.stringify({ ...readBudget(), ...measured }, null, 2)}\n`);
}

/** Throws a Failure when a ratio is above its budget, also when it is measured again. */
export async function expectWithinBudget(
  results: Result[],
  measureAgain: (names: string[]) => Promise<Result[]>,
): Promise<void> {
  const budget = readBudget();
  const failed = results.filter((result) => isOver(result, budget)).map(({ name }) => name);
  if (failed.length === 0) return;
  console.log(`Measuring again: ${failed.join(', ')}\n`);
  const again = (await measureAgain(failed)).filter(({ name }) => failed.includes(name));
  const over = again.filter((result) => isOver(result, budget));
  if (over.length > 0)
    throw new Failure(
      `The ratio to the yardstick is more than ${MARGIN} × the recorded one; find the cause with --profile, or record a new one with --budget record.`,
      {
        details: over
          .map(({ name, ratio }) => `${name}: ${rounded(ratio)}, recorded ${budget[name]}`)
          .join('\n'),
      },
    );
}

/** A subject without a record is over its budget. */
const isOver = ({ name, ratio }: Result, budget: Budget) => !(ratio <= MARGIN * (budget[name] ?? 0));
