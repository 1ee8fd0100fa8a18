import { queueOf } from '@repo/contracts';
import { type JobHandler, jobOptionsOf, type JobOptions } from './job.decorator.js';

/** The queue in which the runs of schedules arrive; they become tasks there. */
export const SCHEDULES_QUEUE = 'schedules';

export interface RegisteredJob {
  options: JobOptions<object>;
  handler: JobHandler;
}

/** Every job that this worker can do. */
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

  /** The queues that these jobs wait in. */
  get queues(): string[] {
    return [...new Set([...this.byName.keys()].map(queueOf))];
  }

  find(name: string): RegisteredJob | undefined {
    return this.byName.get(name);
  }

  private add(job: RegisteredJob): void {
    const { name } = job.options;
    if (this.byName.has(name)) throw new Error(`There are two jobs called ${name}; give one another name`);
    if (queueOf(name) === SCHEDULES_QUEUE)
      throw new Error(`${name}: the queue ${SCHEDULES_QUEUE} is taken; begin the name with another word`);
    this.byName.set(name, job);
  }
}
