import { setTimeout as delay } from 'node:timers/promises';
import { Flood, type FloodRequest } from '../../support/flood.js';
import { GATEWAY_URL } from '../../support/gateway.js';
import type { World } from '../world.js';

/** Calls a second while others are disturbed: few enough that they themselves disturb nobody. */
const CALLS_PER_SECOND = 100;

/** What calls of three services take, in ms, at a steady rate for so many seconds. */
export async function latencies({ alice: { username, token } }: World, seconds: number): Promise<number[]> {
  const flood = new Flood(GATEWAY_URL);
  const calls: FloodRequest[] = [
    { method: 'GET', path: '/api/v1/users' },
    { method: 'GET', path: `/api/v1/${username}/posts` },
    { method: 'GET', path: '/api/v1/user/me', token },
    { method: 'GET', path: '/api/v1/tasks', token },
  ];
  const running: Promise<number>[] = [];
  const end = performance.now() + seconds * 1_000;
  for (let i = 0; performance.now() < end; i++) {
    running.push(timed(flood, calls[i % calls.length]!));
    await delay(1_000 / CALLS_PER_SECOND);
  }
  const taken = await Promise.all(running);
  flood.close();
  return taken;
}

/** How long a call takes; one that is not answered with a success has failed the measurement. */
async function timed(flood: Flood, call: FloodRequest): Promise<number> {
  const { status, ms } = await flood.ask(call);
  if (status !== 200) throw new Error(`A call that should not be disturbed was answered with ${status}`);
  return ms;
}

export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
