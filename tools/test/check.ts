// npm run check: the quick checks, and the tests of packages that the changes since main affect; of apps the unit tests.
// With --commit, for the hook: types, lint, format, and these tests for the changes since the last commit.
// Tests run after successful checks only: code that does not compile would fail them again.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArguments } from '../lib/arguments.ts';
import { runMain } from '../lib/main.ts';
import { log } from '../lib/progress.ts';
import { ROOT } from '../lib/root.ts';
import { stopSignal } from '../lib/stop-signal.ts';
import { COMMIT_CHECKS, prepareChecks, STATIC_CHECKS } from './checks.ts';
import { Report } from './report.ts';

const signal = stopSignal();

await runMain(async () => {
  const { values } = parseArguments('Usage: npm run check [-- --commit]', {
    options: { commit: { type: 'boolean', default: false } },
  });
  await prepareChecks(signal);
  const report = new Report(signal);
  if (values.commit) process.env.TURBO_SCM_BASE = 'HEAD';
  for (const check of values.commit ? COMMIT_CHECKS : STATIC_CHECKS) await report.check(check);
  if (!existsSync(join(ROOT, '.git')))
    log('Without git it is not known what has changed: run `npm test`, which tests everything.');
  else if (report.ok) await testAffectedUnits(report);
  report.print();
  return report.ok ? 0 : 1;
});

/** The tests of an app that are not next to its code start the service and its servers: they are left out. */
async function testAffectedUnits(report: Report): Promise<void> {
  const units = ['--filter=./apps/*', '--', 'dist/src', '--passWithNoTests'];
  await report.tests('Affected unit tests of apps', 'test', ['--affected', ...units]);
  await report.tests('Affected tests of packages', 'test', ['--affected', '--filter=!./apps/*']);
}
