import type { Type } from '@nestjs/common';
import { AnyObjectField, ObjectField } from '../rules/nested.fields.js';
import { IntField } from '../rules/number.fields.js';
import { StringField } from '../rules/string.fields.js';
import { type JobMap, type JobName, TaskOptions } from './jobs.js';

/** What other services may know of a task. */
export class TaskSnapshot {
  @StringField({ max: 64 })
  id: string;

  @IntField({ nullable: true })
  createdByUserId: number | null;
}

/** How a task ended. */
export class TaskFinished extends TaskSnapshot {
  @StringField({ values: ['completed', 'failed', 'cancelled'] })
  status: 'completed' | 'failed' | 'cancelled';
}

/** A service wants work to be done: a task of this id, a UUIDv7, is made of it. */
export type JobRequested = {
  [Name in JobName]: TaskSnapshot & { name: Name; payload: JobMap[Name]; options?: TaskOptions };
}[JobName];

/** Work that a service wants to be done. */
export class AnyJobRequested extends TaskSnapshot {
  @StringField({ max: 255 })
  name: string;

  @AnyObjectField({ description: 'Its rules are those of the job, and known to the worker that has it.' })
  payload: object;

  @ObjectField(() => TaskOptions, { optional: true })
  options?: TaskOptions;
}

/** Events that jobs and its worker publish. */
export const jobsEvents = {
  'task.finished': TaskFinished,
  /** Published by the service that wants work done: it commits, or not, with the change that it belongs to. */
  'job.requested': AnyJobRequested as Type<JobRequested>,
};
