import { setTimeout as pause } from 'node:timers/promises';
import { SAMPLE_TASK, SampleTask } from '@repo/contracts';
import { Job, type JobHandler } from '../tasks/job.decorator.js';
import type { RunningTask } from '../tasks/running-task.js';

const STEPS = 5;
const STEP_MS = 1_000;

/** An example of slow work: five steps of a second. */
@Job({ name: SAMPLE_TASK, payload: SampleTask })
export class SampleBackgroundTask implements JobHandler<SampleTask> {
  async run({ message }: SampleTask, task: RunningTask): Promise<string> {
    for (let step = 1; step <= STEPS; step++) {
      await pause(STEP_MS, undefined, { signal: task.signal });
      await task.progress((step / STEPS) * 100);
    }
    return `Task ${message} is complete!`;
  }
}
