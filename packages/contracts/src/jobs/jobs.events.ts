import type { JobMap, JobName, TaskOptions } from './jobs.js';

/** What other services may know of a task. */
export interface TaskSnapshot {
  id: string;
  createdByUserId: number | null;
}

/** How a task ended. */
export interface TaskFinished extends TaskSnapshot {
  status: 'completed' | 'failed' | 'cancelled';
}

/** A service wants work to be done: a task of this id, a UUIDv7, is made of it. */
export type JobRequested = {
  [Name in JobName]: TaskSnapshot & { name: Name; payload: JobMap[Name]; options?: TaskOptions };
}[JobName];

/** What jobs and its worker tell. */
export interface JobsEvents {
  'task.created': TaskSnapshot;
  'task.finished': TaskFinished;
  /** Any service may tell this one: the request commits, or not, with whatever it belongs to. */
  'job.requested': JobRequested;
}
