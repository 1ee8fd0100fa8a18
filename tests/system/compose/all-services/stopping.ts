import assert from 'node:assert/strict';
import { SERVICE_NAMES } from '../../../../infra/services.ts';
import { seconds } from '../../../../tools/lib/progress.ts';
import { createTask } from '../../../support/tasks.ts';
import { createUser } from '../../../support/users.ts';
import type { Stack } from '../stack.ts';

const APP_LIMIT_MS = 10_000;
/** It has tasks to finish. */
const WORKER_LIMIT_MS = 25_000;

/** On SIGTERM every app finishes its work and exits with 0 within its time limit. */
export async function stopping(stack: Stack): Promise<void> {
  const { token } = await createUser();
  for (let n = 0; n < 3; n += 1) await createTask(token);
  for (const service of SERVICE_NAMES.toReversed()) {
    for (const container of await stack.containers(service)) {
      const since = Date.now();
      const exitCode = await stack.remove({ ...container, stopSeconds: 60 });
      const ms = Date.now() - since;
      console.log(`${container.name} stopped with exit code ${exitCode} after ${seconds(ms)}`);
      assert.equal(exitCode, 0);
      assert.ok(ms <= (service === 'worker' ? WORKER_LIMIT_MS : APP_LIMIT_MS), 'the stop takes too long');
    }
  }
  await stack.up();
}
