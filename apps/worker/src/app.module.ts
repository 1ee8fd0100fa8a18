import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { RuntimeModule } from '@repo/runtime/bootstrap';
import { DatabaseModule } from '@repo/runtime/database';
import { QueueModule } from '@repo/runtime/queue';
import { config } from './app.config.js';
import { dataSource } from './database/data-source.js';
import { loadJobs } from './tasks/load-jobs.js';
import { TasksModule } from './tasks/tasks.module.js';

@Module({
  imports: [
    RuntimeModule.forRoot('worker', config, { http: false }),
    DatabaseModule.forRoot(dataSource(config)),
    QueueModule.forRoot({
      host: config.REDIS_QUEUE_HOST,
      port: config.REDIS_QUEUE_PORT,
      username: config.REDIS_USERNAME,
      password: config.REDIS_PASSWORD,
    }),
    TasksModule.forRoot(await loadJobs(join(import.meta.dirname, 'jobs'))),
  ],
})
export class AppModule {}
