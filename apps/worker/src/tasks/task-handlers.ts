import { SAMPLE_TASK } from '@repo/contracts';
import { sampleBackgroundTask } from './sample-background-task.js';

/** Does the work of a task; what it returns is the task's result. `signal` fires when its time is up. */
export type TaskHandler = (data: unknown, signal: AbortSignal) => Promise<string>;

/** One line for each kind of task. */
export const TASK_HANDLERS: Record<string, TaskHandler> = {
  [SAMPLE_TASK]: sampleBackgroundTask,
};
