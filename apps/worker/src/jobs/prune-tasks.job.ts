import { WorkerConfig } from '../app.config.js';
import { Job, type JobHandler } from '../tasks/job.decorator.js';
import { TasksRepository } from '../tasks/tasks.repository.js';

/** Deletes tasks that ended more than TASK_RETENTION_DAYS ago, every night. */
@Job({ name: 'prune_tasks', schedule: { cron: '30 3 * * *' } })
export class PruneTasks implements JobHandler {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly config: WorkerConfig,
  ) {}

  async run(): Promise<string> {
    return `Deleted ${await this.tasks.prune(this.config.TASK_RETENTION_DAYS)} tasks`;
  }
}
