// npm run check: the quick checks, and the tests of the packages that the changes since main affect.
// npm run check -- --static: without tests, for the commit hook.
import { parseArgs } from 'node:util';
import { runMain } from '../lib/main.ts';
import { step } from '../lib/progress.ts';
import { stopSignal } from '../lib/stop-signal.ts';
import { prepareCheckout } from '../lib/toolchain.ts';
import { STATIC_CHECKS, TYPES } from './checks.ts';
import { Report } from './report.ts';

const signal = stopSignal();

await runMain(async () => {
  const { values } = parseArgs({ options: { static: { type: 'boolean', default: false } } });
  await prepareCheckout({ signal, step });
  const report = new Report(signal);
  for (const check of [TYPES, ...STATIC_CHECKS]) await report.check(check);
  if (!values.static)
    await report.tests('Tests of affected packages', ['--affected', '--filter=!@repo/tests']);
  report.print();
  return report.ok ? 0 : 1;
});
