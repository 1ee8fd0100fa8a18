import { app, configOf, int, internalServer, nats, postgres, queue } from '@repo/config';

/** Every setting of the worker. */
export class WorkerConfig extends configOf('worker', {
  ...app(),
  ...internalServer({ port: 9005 }),
  ...postgres('worker'),
  ...nats(),
  ...queue(),
  WORKER_CONCURRENCY: int({ default: 10, min: 1, desc: 'Jobs of one queue that a worker runs side by side' }),
  TASK_TIME_LIMIT_SECONDS: int({
    default: 300,
    min: 1,
    desc: 'Longest that one try of a task may take, unless its job says another limit',
  }),
  TASK_RETENTION_DAYS: int({ default: 30, min: 1, desc: 'Days that a task is kept after it ended' }),
}) {}
