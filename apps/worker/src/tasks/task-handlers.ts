import { Injectable } from '@nestjs/common';
import { SAMPLE_TASK } from '@repo/contracts';
import { sampleBackgroundTask } from './sample-background-task.js';

/** Does the work of a task; what it returns is the task's result. `signal` fires when its time is up. */
export type TaskHandler = (data: unknown, signal: AbortSignal) => Promise<string>;

/** Who does which kind of task. */
@Injectable()
export class TaskHandlers {
  /** One line for each kind. */
  readonly byName: Readonly<Record<string, TaskHandler>> = {
    [SAMPLE_TASK]: sampleBackgroundTask(5_000),
  };
}
