// The worker with a job that does nothing: node task-worker.ts, with the environment of the worker.
import 'reflect-metadata';
import { DatabaseModule } from '@repo/database';
import { QueueModule } from '@repo/queue';
import { redisConnection } from '@repo/redis';
import { bootstrap, ServiceModule } from '@repo/service';
import { WorkerConfig } from '../../apps/worker/dist/src/app.config.js';
import { dataSource } from '../../apps/worker/dist/src/database/data-source.js';
import { Job } from '../../apps/worker/dist/src/tasks/job.decorator.js';
import { TasksModule } from '../../apps/worker/dist/src/tasks/tasks.module.js';
import { NOOP_JOB } from './tasks.ts';

class NoopJob {
  async run(): Promise<void> {}
}
Job({ name: NOOP_JOB })(NoopJob);

class AppModule {
  static forRoot(config: WorkerConfig) {
    const imports = [
      ServiceModule.forRoot(config),
      DatabaseModule.forRoot(dataSource(config)),
      QueueModule.forRoot(redisConnection('QUEUE', config)),
      TasksModule.forRoot([NoopJob]),
    ];
    return { module: AppModule, imports };
  }
}

await bootstrap(AppModule, WorkerConfig);
