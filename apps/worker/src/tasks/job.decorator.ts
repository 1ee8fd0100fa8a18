import { applyDecorators, Injectable, SetMetadata, type Type } from '@nestjs/common';
import type { RunningTask } from './running-task.js';

const JOB = 'job';

// #region job-options
/** How a job is run. Which task is urgent, delayed or unique is said where the task is asked for. */
export interface JobOptions<Payload extends object> {
  /** A part before a dot gives the job a queue of its own, with workers that nobody else keeps busy: `mail.welcome`. */
  name: string;
  /** What it works on, with its rules; without it the payload has to be empty. */
  payload?: Type<Payload>;
  /** Tries until the task has failed; 3 unless told. */
  attempts?: number;
  /** Pause after the first failure, which doubles each time; 1 unless told. */
  backOffSeconds?: number;
  /** Longest that one try may take; TASK_TIME_LIMIT_SECONDS unless told. */
  timeLimitSeconds?: number;
  /** Runs by the clock, each time as a task with an empty payload. */
  schedule?: { cron: string; timeZone?: string };
}
// #endregion

/** The class that `@Job()` stands on. What `run` returns is the result of the task. */
export interface JobHandler<Payload extends object = object> {
  run(payload: Payload, task: RunningTask): Promise<string | void>;
}

/** Makes a class in `src/jobs` a job. */
export function Job<Payload extends object>(options: JobOptions<Payload>) {
  return (target: Type<JobHandler<Payload>>): void =>
    applyDecorators(Injectable(), SetMetadata(JOB, options))(target);
}

/** What `@Job()` says on the class of an object. */
export function jobOptionsOf(handler: object): JobOptions<object> | undefined {
  return Reflect.getMetadata(JOB, handler.constructor) as JobOptions<object> | undefined;
}
