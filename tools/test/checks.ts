import { log, step } from '../lib/progress.ts';
import { ensureDependencies, removeStaleOutput } from '../lib/toolchain.ts';
import { ensurePrograms } from '../servers/install-programs.ts';

/** A check that needs no package's own tests: a task in turbo.json. */
export interface Check {
  name: string;
  task: string;
}

const TYPES: Check = { name: 'types', task: 'build' };
const TYPED: Check = { name: 'typed files', task: 'typed-files' };
const LINT: Check = { name: 'lint', task: 'lint' };

/** The order is that of the time to the first failure: what ends quickly runs first. */
export const STATIC_CHECKS: Check[] = [
  TYPED,
  TYPES,
  LINT,
  { name: 'architecture', task: 'arch' },
  { name: 'derived files', task: 'sync:check' },
  { name: 'links', task: 'links' },
  { name: 'supply chain', task: 'supply-chain' },
];

export const COMMIT_CHECKS: Check[] = [TYPED, TYPES, LINT, { name: 'format', task: 'format' }];

export const MIGRATIONS: Check = { name: 'migrations', task: 'migrations' };

/** Makes the checkout ready for checks and tests. */
export async function prepareChecks(signal: AbortSignal): Promise<void> {
  await ensureDependencies({ signal, step });
  removeStaleOutput();
  await step('Server programs', () =>
    ensurePrograms(['postgres', 'redis', 'nats', 'nginx'], { log, signal }),
  );
}
