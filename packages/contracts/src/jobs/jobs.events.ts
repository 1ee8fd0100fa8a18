import type { Type } from '@nestjs/common';
import { AnyObjectField, IntField, ObjectField, StringField } from '../rules/index.js';
import { type JobMap, type JobName, TaskOptions } from './jobs.js';

export class TaskSnapshot {
  @StringField({ max: 64 })
  id: string;

  @IntField({ nullable: true })
  createdByUserId: number | null;
}

export class TaskFinished extends TaskSnapshot {
  @StringField({ values: ['completed', 'failed', 'cancelled'] })
  status: 'completed' | 'failed' | 'cancelled';
}

/** Data of `job.requested`: the jobs service creates a task with this id, which is a UUIDv7. */
export type JobRequested = {
  [Name in JobName]: TaskSnapshot & { name: Name; payload: JobMap[Name]; options?: TaskOptions };
}[JobName];

/** `JobRequested` as a class: the worker validates the payload with the class of its job. */
export class AnyJobRequested extends TaskSnapshot {
  @StringField({ max: 255 })
  name: string;

  @AnyObjectField({ description: 'The worker validates it with the rules of the job.' })
  payload: object;

  @ObjectField(() => TaskOptions, { optional: true })
  options?: TaskOptions;
}

export const jobsEvents = {
  'task.finished': TaskFinished,
  /** Published by any service, in the transaction of the change that needs the task. */
  'job.requested': AnyJobRequested as Type<JobRequested>,
};
