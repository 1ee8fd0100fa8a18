/** The one queue: every job of the system waits in it. */
export const TASKS_QUEUE = 'tasks';

/** The one task that comes with the project; yours take their place beside it. */
export const SAMPLE_TASK = 'sample_background_task';

/** What the sample task works on. */
export interface SampleTask {
  taskId: string;
  message: string;
}

/** What waits in which queue: queue → job name → payload. */
export interface JobMap {
  tasks: { sample_background_task: SampleTask };
}

/** The name of a queue. */
export type QueueName = keyof JobMap;

/** The name of a job in a queue. */
export type JobName<Q extends QueueName> = keyof JobMap[Q];
