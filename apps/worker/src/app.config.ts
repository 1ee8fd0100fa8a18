import { app, configOf, int, internalServer, nats, postgres, queue } from '@repo/config';

/** The settings of the worker. */
export class WorkerConfig extends configOf('worker', {
  ...app(),
  ...internalServer({ port: 9005 }),
  ...postgres('worker'),
  ...nats(),
  ...queue(),
  WORKER_CONCURRENCY: int({
    default: 10,
    min: 1,
    desc: 'Tasks of one queue that a worker executes at the same time',
  }),
  TASK_TIME_LIMIT_SECONDS: int({
    default: 300,
    min: 1,
    desc: 'Time limit of one attempt of a task, unless its job has its own',
  }),
  TASK_RETENTION_DAYS: int({ default: 30, min: 1, desc: 'Days after its end until a task is deleted' }),
}) {}
