import assert from 'node:assert/strict';
import { SERVICE_NAMES } from '../../../../infra/services.ts';
import { createTask } from '../../../support/tasks.ts';
import { createUser } from '../../../support/users.ts';
import type { Stack } from '../stack.ts';

const APP_LIMIT_S = 10;
/** It has tasks to finish. */
const WORKER_LIMIT_S = 25;

/** On SIGTERM every app finishes its work and exits with 0 within its time limit. */
export async function stopping(stack: Stack): Promise<void> {
  const { token } = await createUser();
  for (let n = 0; n < 3; n += 1) await createTask(token);
  for (const service of SERVICE_NAMES.toReversed()) {
    for (const { name, id } of await stack.containers(service)) {
      const since = Date.now();
      await stack.docker('stop', '-t', '60', id);
      const seconds = (Date.now() - since) / 1000;
      const [stopped] = await stack.inspect([id]);
      console.log(`${name} stopped with exit code ${stopped?.exitCode} after ${seconds.toFixed(1)} s`);
      assert.equal(stopped?.exitCode, 0);
      assert.ok(seconds <= (service === 'worker' ? WORKER_LIMIT_S : APP_LIMIT_S), 'the stop takes too long');
    }
  }
  await stack.up();
}
