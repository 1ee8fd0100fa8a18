// npm test                       static checks, migrations, and all tests of packages, apps, tools and the system
// npm test -- users cache        the tests of these packages; also `e2e`, or a check, such as `migrations`
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArguments } from '../lib/arguments.ts';
import { Failure } from '../lib/failure.ts';
import { runMain } from '../lib/main.ts';
import { ROOT } from '../lib/root.ts';
import { stopSignal } from '../lib/stop-signal.ts';
import { ALL_CHECKS, prepareChecks, TEST_CHECKS } from './checks.ts';
import { Report } from './report.ts';

/** The task with the tests of the whole system. */
const E2E = 'e2e';

const USAGE = 'Usage: npm test [-- [<package>…] [<check>…] [e2e]]';

const signal = stopSignal();

await runMain(async () => {
  const { positionals } = parseArguments(USAGE, { allowPositionals: true });
  const all = positionals.length === 0;
  const checks = all ? TEST_CHECKS : ALL_CHECKS.filter(({ name }) => positionals.includes(name));
  const names = positionals
    .filter((name) => name !== E2E && !checks.some((check) => check.name === name))
    .map(packageNamed);
  await prepareChecks(signal);
  const report = new Report(signal);
  for (const check of checks) await report.check(check);
  if (all || names.length > 0)
    await report.tests(
      'Tests of the packages',
      'test',
      names.map((name) => `--filter=${name}`),
    );
  // The whole system needs the machine for itself, so its tests run after the others.
  if (all || positionals.includes(E2E)) await report.tests('Tests of the system', E2E, []);
  report.print();
  return report.ok ? 0 : 1;
});

/** The name of a package; `cache` stands for `@repo/cache`. */
function packageNamed(name: string): string {
  const manifests = globSync(['{apps,packages}/*/package.json', '{*,docs/*}/package.json'], { cwd: ROOT });
  const all = manifests.map((path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')).name as string);
  const found = all.find((known) => known === name) ?? all.find((known) => known === `@repo/${name}`);
  if (found) return found;
  const choices = [...all, E2E, ...ALL_CHECKS.map((check) => check.name)].sort().join(', ');
  throw new Failure(`There are no tests of "${name}": choose from ${choices}.`);
}
