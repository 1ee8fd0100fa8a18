import { setTimeout as pause } from 'node:timers/promises';
import type { SampleTask } from '@repo/contracts';
import type { TaskHandler } from './task-handlers.js';

/** Stands for work that takes a while. */
export function sampleBackgroundTask(durationMs: number): TaskHandler {
  return async (data, signal) => {
    const { message } = data as SampleTask;
    await pause(durationMs, undefined, { signal });
    return `Task ${message} is complete!`;
  };
}
