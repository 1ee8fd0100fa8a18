import { log, step } from '../lib/progress.ts';
import { ensureDependencies, removeStaleOutput } from '../lib/toolchain.ts';
import { ensurePrograms } from '../servers/install-programs.ts';

/** A check that needs no package's own tests: a task in turbo.json. */
export interface Check {
  name: string;
  task: string;
  /** A check without which this one would fail for the same reason. */
  needs?: Check;
}

const TYPES: Check = { name: 'types', task: 'build' };
const TYPED: Check = { name: 'typed files', task: 'typed-files' };
const LINT: Check = { name: 'lint', task: 'lint', needs: TYPES };

/** The order is that of the time to the first failure: what ends quickly runs first. */
export const STATIC_CHECKS: Check[] = [
  TYPED,
  TYPES,
  LINT,
  { name: 'architecture', task: 'arch', needs: TYPES },
  { name: 'derived files', task: 'sync:check', needs: TYPES },
  { name: 'links', task: 'links' },
  { name: 'supply chain', task: 'supply-chain' },
];

export const COMMIT_CHECKS: Check[] = [TYPED, TYPES, LINT, { name: 'format', task: 'format' }];

export const MIGRATIONS: Check = { name: 'migrations', task: 'migrations', needs: TYPES };

/** Makes the checkout ready for checks and tests. */
export async function prepareChecks(signal: AbortSignal): Promise<void> {
  await ensureDependencies({ signal, step });
  removeStaleOutput();
  await step('Server programs', () =>
    ensurePrograms(['postgres', 'redis', 'nats', 'nginx'], { log, signal }),
  );
}
