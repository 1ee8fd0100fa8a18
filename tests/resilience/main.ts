import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../tools/lib/failure.ts';
import { parseArguments } from '../../tools/lib/arguments.ts';
import { ROOT } from '../../tools/lib/root.ts';
import { createStackFolder } from '../../tools/stack/test-stack.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { Report } from './support/report.ts';
import { System } from './support/system.ts';
import { writeTable } from './support/table.ts';

const USAGE = `Usage: npm run resilience -- [--quick] [<scenario>…]
  --quick   only the short scenarios; writes nothing into docs/reliability.md
Scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}`;

/** Logs of a scenario that broke its guarantee. */
const KEPT_LOGS = join(ROOT, '.local/resilience');

/** Runs the scenarios that the arguments select, by default all. Returns whether every guarantee was kept. */
export async function main(): Promise<boolean> {
  const { values, positionals } = parseArguments(USAGE, {
    options: { quick: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown) throw new Failure(`There is no scenario "${unknown}".\n${USAGE}`);
  const selected = SCENARIOS.filter(
    ({ name, quick }) => (positionals.length === 0 || positionals.includes(name)) && (quick || !values.quick),
  );
  const reports: Report[] = [];
  for (const scenario of selected) reports.push(await runScenario(scenario));
  if (!values.quick) writeTable(join(ROOT, 'docs/reliability.md'), SCENARIOS, reports);
  const broken = reports.filter(({ kept }) => !kept).map(({ name }) => name);
  console.log(
    broken.length === 0 ? `\nAll ${reports.length} guarantees were kept.` : `\nBroken: ${broken.join(', ')}.`,
  );
  return broken.length === 0;
}

async function runScenario(scenario: Scenario): Promise<Report> {
  const { name } = scenario;
  console.log(`\n${name}: ${scenario.guarantee}`);
  const report = new Report(name);
  const startedAt = Date.now();
  const folder = createStackFolder('resilience');
  try {
    const system = await System.start(folder, scenario);
    try {
      await scenario.run(system, report);
    } finally {
      await system.close();
    }
  } catch (error) {
    report.fail(error);
  }
  print(report, Date.now() - startedAt);
  if (!report.kept) console.log(`    The logs are in ${keepLogs(name, folder.dir)}.`);
  folder.remove();
  return report;
}

function keepLogs(name: string, dir: string): string {
  const kept = join(KEPT_LOGS, name);
  rmSync(kept, { recursive: true, force: true });
  cpSync(join(dir, 'logs'), kept, { recursive: true });
  return kept;
}

function print({ counts, measurements, notes, kept }: Report, ms: number): void {
  console.log(
    `    ${Object.entries(counts)
      .map(([what, count]) => `${what} ${count}`)
      .join(', ')}`,
  );
  for (const { what, value, limit, kept: fine } of measurements)
    console.log(`    ${fine ? '✓' : '✗'} ${what}: ${value} (${limit})`);
  if (!kept) for (const note of notes) console.log(`      ${note}`);
  console.log(`    ${kept ? 'kept' : 'BROKEN'}, ${Math.round(ms / 1000)} s`);
}
