import { setTimeout as delay } from 'node:timers/promises';
import { api } from '../../support/gateway.js';
import type { World } from '../world.js';

/** Calls a second while others are disturbed: few enough that they themselves disturb nobody. */
const CALLS_PER_SECOND = 100;

/** What calls of three services take, in ms, one after another for so many seconds. */
export async function latencies({ alice }: World, seconds: number): Promise<number[]> {
  const calls = [
    () => api('GET /users'),
    () => api(`GET /${alice.username}/posts`),
    () => api('GET /user/me', { token: alice.token }),
    () => api('GET /tasks', { token: alice.token }),
  ];
  const taken: number[] = [];
  const end = performance.now() + seconds * 1_000;
  const running: Promise<void>[] = [];
  for (let i = 0; performance.now() < end; i++) {
    running.push(timed(calls[i % calls.length]!).then((ms) => void taken.push(ms)));
    await delay(1_000 / CALLS_PER_SECOND);
  }
  await Promise.all(running);
  return taken;
}

/** How long a call takes; one that is not answered with a success has failed the measurement. */
async function timed(call: () => Promise<{ status: number }>): Promise<number> {
  const startedAt = performance.now();
  const { status } = await call();
  if (status !== 200) throw new Error(`A call that should not be disturbed was answered with ${status}`);
  return performance.now() - startedAt;
}

export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
