import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@repo/database';
import { QueueModule } from '@repo/queue';
import { redisConnection } from '@repo/redis';
import { ServiceModule } from '@repo/service';
import type { WorkerConfig } from './app.config.js';
import { dataSource } from './database/data-source.js';
import { loadJobs } from './tasks/load-jobs.js';
import { TasksModule } from './tasks/tasks.module.js';

const jobs = await loadJobs(join(import.meta.dirname, 'jobs'));

@Module({})
export class AppModule {
  static forRoot(config: WorkerConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceModule.forRoot(config),
        DatabaseModule.forRoot(dataSource(config)),
        QueueModule.forRoot(redisConnection('QUEUE', config)),
        TasksModule.forRoot(jobs),
      ],
    };
  }
}
