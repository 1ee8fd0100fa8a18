import { applyDecorators, Injectable, SetMetadata, type Type } from '@nestjs/common';
import type { RunningTask } from './running-task.js';

const JOB = 'job';

// #region job-options
/** Options of a job. Priority, delay and unique key are options of each task (`TaskOptions`). */
export interface JobOptions<Payload extends object> {
  /** A part before a dot is the queue of the job: `mail.welcome` is in the queue `mail`, a name without a dot in `tasks`. */
  name: string;
  /** Class of the payload, with its validation rules. Without it the payload has to be empty. */
  payload?: Type<Payload>;
  /** Failed attempts after which the task has failed; 3 by default. */
  attempts?: number;
  /** Pause after the first failed attempt, doubled after each further one; 1 by default. */
  backOffSeconds?: number;
  /** Time limit of one attempt; TASK_TIME_LIMIT_SECONDS by default. */
  timeLimitSeconds?: number;
  /** Creates a task with an empty payload at each time of the cron expression. The time zone is UTC by default. */
  schedule?: { cron: string; timeZone?: string };
}
// #endregion

/** A class with `@Job()`. `run` executes one attempt of a task and returns the result of the task. */
export interface JobHandler<Payload extends object = object> {
  run(payload: Payload, task: RunningTask): Promise<string | void>;
}

/** Registers a class in `src/jobs` as a job. */
export function Job<Payload extends object>(options: JobOptions<Payload>) {
  return (target: Type<JobHandler<Payload>>): void =>
    applyDecorators(Injectable(), SetMetadata(JOB, options))(target);
}

/** The options of a handler; undefined when its class has no `@Job()`. */
export function jobOptionsOf(handler: object): JobOptions<object> | undefined {
  return Reflect.getMetadata(JOB, handler.constructor) as JobOptions<object> | undefined;
}
