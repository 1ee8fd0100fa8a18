import { log, step } from '../lib/progress.ts';
import { ensureDependencies, removeStaleOutput } from '../lib/toolchain.ts';
import { ensurePrograms } from '../servers/install-programs.ts';

/** A check that needs no package's own tests. */
export interface Check {
  name: string;
  /** A task in turbo.json, by default `check:<name>`. */
  task?: string;
  /** A check without which this one would fail for the same reason. */
  needs?: Check;
}

const TYPES: Check = { name: 'types', task: 'build' };
const TYPED: Check = { name: 'typed-files' };
const LINT: Check = { name: 'lint', task: 'lint', needs: TYPES };

/** The order is that of the time to the first failure: what ends quickly runs first. */
export const STATIC_CHECKS: Check[] = [
  TYPED,
  TYPES,
  LINT,
  { name: 'architecture', needs: TYPES },
  { name: 'derived-files', needs: TYPES },
  { name: 'links' },
  { name: 'supply-chain' },
];

export const COMMIT_CHECKS: Check[] = [TYPED, TYPES, LINT, { name: 'format' }];

/** What `npm test` runs. */
export const TEST_CHECKS: Check[] = [...STATIC_CHECKS, { name: 'migrations', needs: TYPES }];

/** What `npm test -- <name>` can run. */
export const ALL_CHECKS: Check[] = [...TEST_CHECKS, { name: 'knip', needs: TYPES }];

/** Makes the checkout ready for checks and tests. */
export async function prepareChecks(signal: AbortSignal): Promise<void> {
  await ensureDependencies({ signal, step });
  removeStaleOutput();
  await step('Server programs', () =>
    ensurePrograms(['postgres', 'redis', 'nats', 'nginx'], { log, signal }),
  );
}
