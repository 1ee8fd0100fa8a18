import { WorkerConfig } from '../app.config.js';
import { Job, type JobHandler } from '../tasks/job.decorator.js';
import type { RunningTask } from '../tasks/running-task.js';
import { TasksRepository } from '../tasks/tasks.repository.js';

const BATCH = 1_000;
const DAY_MS = 86_400_000;

/** Every night, deletes tasks that ended long ago. */
@Job({ name: 'prune_tasks', schedule: { cron: '30 3 * * *' } })
export class PruneTasks implements JobHandler {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly config: WorkerConfig,
  ) {}

  async run(_payload: object, task: RunningTask): Promise<string> {
    const before = new Date(Date.now() - this.config.TASK_RETENTION_DAYS * DAY_MS);
    let pruned = 0;
    for (let batch = BATCH; batch === BATCH; pruned += batch) {
      batch = await task.transaction((tx) => this.tasks.deleteFinishedBefore(before, BATCH, tx));
    }
    return `Deleted ${pruned} tasks`;
  }
}
