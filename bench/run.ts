// npm run bench -- <name>: runs a benchmark and prints a table. Without a name: lists the benchmarks.
//   --only <text>  measures only subjects with this text in their name, and their yardsticks
//   --size <rows>  of the large table of `growth`, by default 1,000,000
//   --profile      prints where the time of each subject goes
//   --budget check | record  measures quickly, and compares the ratios with bench/budget.json or records them there
import { readdirSync } from 'node:fs';
import { Failure } from '../tools/lib/failure.ts';
import { runCommand } from '../tests/support/command.ts';
import { parseArguments } from '../tools/lib/arguments.ts';
import type { Benchmark } from './support/benchmark.ts';
import { formatTable } from './support/table.ts';

const USAGE =
  'Usage: npm run bench -- [<benchmark>] [--only <text>] [--size <rows>] [--profile] [--budget check|record]';
const SUFFIX = '.bench.ts';

await runCommand(async () => {
  const { positionals, values } = parseArguments(USAGE, {
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      size: { type: 'string', default: '1000000' },
      profile: { type: 'boolean', default: false },
      budget: { type: 'string' },
    },
  });
  const names = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length));
  const [name, ...others] = positionals;
  if (name === undefined) {
    const rows = names.map(async (one) => ({ benchmark: one, measures: (await load(one)).about }));
    console.log(formatTable(await Promise.all(rows)));
    return true;
  }
  if (others.length > 0 || !names.includes(name))
    throw new Failure(
      `There is no benchmark "${positionals.join(' ')}": choose from ${names.join(', ')}.\n${USAGE}`,
    );
  const { about, run } = await load(name);
  console.log(`${name}: ${about}\n`);
  const { only, profile: withProfile, budget, size } = values;
  if (!/^[1-9]\d*$/.test(size)) throw new Failure(USAGE);
  if (budget !== undefined && budget !== 'check' && budget !== 'record') throw new Failure(USAGE);
  console.log(formatTable(await run({ only, size: Number(size), withProfile, budget })));
  return true;
});

function load(name: string): Promise<Benchmark> {
  return import(`./${name}${SUFFIX}`);
}
