import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { api } from './gateway.js';

/** An app that died is back after this at the latest. */
export const RECOVERY_LIMIT_MS = 45_000;

/** The process of an app of the stack that runs for these tests. */
export function processOf(app: string): number {
  return JSON.parse(readFileSync(join(process.env.STACK_DIR!, 'pids', `${app}.json`), 'utf8')).pid;
}

/** The whole system answers again. */
export async function expectReady(): Promise<void> {
  const ready = await eventually(
    () => api('GET /ready'),
    ({ status }) => status === 200,
  );
  assert.deepEqual([ready.status, ready.body.status], [200, 'ready']);
}
