import { setTimeout as pause } from 'node:timers/promises';
import type { SampleTask } from '@repo/contracts';

const DURATION_MS = 5_000;

/** Stands for work that takes a while. */
export async function sampleBackgroundTask(data: unknown, signal: AbortSignal): Promise<string> {
  const { message } = data as SampleTask;
  await pause(DURATION_MS, undefined, { signal });
  return `Task ${message} is complete!`;
}
