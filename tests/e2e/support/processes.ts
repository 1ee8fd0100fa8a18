import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { api } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';

/** The longest time until a killed process is ready again. */
export const RECOVERY_LIMIT_MS = 45_000;

/** The process id of an app of the stack under test. */
export function processOf(app: string): number {
  return JSON.parse(readFileSync(join(process.env.STACK_DIR!, 'pids', `${app}.json`), 'utf8')).pid;
}

/** All services are ready. */
export async function expectReady(): Promise<void> {
  const ready = await eventually(
    () => api('GET /ready'),
    ({ status }) => status === 200,
  );
  assert.deepEqual([ready.status, ready.body.status], [200, 'ready']);
}
