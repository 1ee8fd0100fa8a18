import { queueOf } from '@repo/contracts';
import { type JobHandler, jobOptionsOf, type JobOptions } from './job.decorator.js';

/** The queue of scheduled jobs. Each of its jobs creates a task. */
export const SCHEDULES_QUEUE = 'schedules';

export interface RegisteredJob {
  options: JobOptions<object>;
  handler: JobHandler;
}

/** The jobs of this worker, by name. */
export class Jobs {
  private readonly byName = new Map<string, RegisteredJob>();

  constructor(handlers: object[]) {
    for (const handler of handlers) {
      const options = jobOptionsOf(handler);
      if (options) this.add({ options, handler: handler as JobHandler });
    }
  }

  get all(): RegisteredJob[] {
    return [...this.byName.values()];
  }

  /** Names of the queues of these jobs. */
  get queues(): string[] {
    return [...new Set([...this.byName.keys()].map(queueOf))];
  }

  find(name: string): RegisteredJob | undefined {
    return this.byName.get(name);
  }

  private add(job: RegisteredJob): void {
    const { name } = job.options;
    if (this.byName.has(name)) throw new Error(`There are two jobs with the name ${name}: rename one`);
    if (queueOf(name) === SCHEDULES_QUEUE)
      throw new Error(
        `Job ${name}: the queue ${SCHEDULES_QUEUE} is reserved: change the first part of the name`,
      );
    this.byName.set(name, job);
  }
}
