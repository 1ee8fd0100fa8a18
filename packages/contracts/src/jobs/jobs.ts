import { IntField, StringField } from '../rules/index.js';

/** The queue of jobs without a dot in their names. */
export const TASKS_QUEUE = 'tasks';

/** Name of the sample job, which `POST /tasks/task` creates tasks of. */
export const SAMPLE_TASK = 'sample_background_task';

export class SampleTask {
  @StringField({ max: 10_000, example: 'hello' })
  message: string;
}

// #region job-map
/**
 * Payloads by name of the job, for all jobs whose tasks are created outside of the worker. Jobs that only have a
 * schedule need no line.
 */
export interface JobMap {
  [SAMPLE_TASK]: SampleTask;
}
// #endregion

/** Name of a job whose tasks any service may create. */
export type JobName = keyof JobMap;

/** Priorities of tasks, highest first. */
export const PRIORITIES = ['high', 'normal', 'low'] as const;

export type Priority = (typeof PRIORITIES)[number];

// #region task-options
/** Options of one task. Attempts and time limit are options of the job. */
export class TaskOptions {
  /** The task starts after this time at the earliest. */
  @IntField({ min: 0, optional: true })
  delaySeconds?: number;

  /** `normal` by default. */
  @StringField({ values: PRIORITIES, optional: true })
  priority?: Priority;

  /** At most one unfinished task of a job has this key; creating another one returns its id. */
  @StringField({ max: 255, optional: true })
  unique?: string;
}
// #endregion

/** Name of the queue of a job: `mail` for `mail.welcome`, `tasks` for a name without a dot. */
export function queueOf(job: string): string {
  const dot = job.indexOf('.');
  return dot > 0 ? job.slice(0, dot) : TASKS_QUEUE;
}
