import { IntField } from '../rules/number.fields.js';
import { StringField } from '../rules/string.fields.js';

/** The queue of every job whose name does not say another. */
export const TASKS_QUEUE = 'tasks';

/** The one task that comes with the project for its API; yours take their place beside it. */
export const SAMPLE_TASK = 'sample_background_task';

/** What the sample task works on. */
export class SampleTask {
  @StringField({ max: 10_000 })
  message: string;
}

// #region job-map
/**
 * The jobs that are asked for from outside of the worker: name → payload. What only runs by its schedule, or is
 * asked for by nobody else, needs no line here.
 */
export interface JobMap {
  [SAMPLE_TASK]: SampleTask;
}
// #endregion

/** The name of a job that others may ask for. */
export type JobName = keyof JobMap;

/** How soon a task runs when several wait. */
export const PRIORITIES = ['high', 'normal', 'low'] as const;

/** How soon a task runs when several wait. */
export type Priority = (typeof PRIORITIES)[number];

// #region task-options
/** What may be said of one task; how a job runs (tries, time limit) is said once, where it is written. */
export class TaskOptions {
  /** Not before this many seconds have passed. */
  @IntField({ min: 0, optional: true })
  delaySeconds?: number;

  /** `normal` unless told. */
  @StringField({ values: PRIORITIES, optional: true })
  priority?: Priority;

  /** While a task of this job with this key is unfinished, another one is not made. */
  @StringField({ max: 255, optional: true })
  unique?: string;
}
// #endregion

/** The queue of a job: `mail.welcome` waits in a queue `mail` of its own, a name without a dot in the common one. */
export function queueOf(job: string): string {
  const dot = job.indexOf('.');
  return dot > 0 ? job.slice(0, dot) : TASKS_QUEUE;
}
