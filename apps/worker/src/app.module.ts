import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { RuntimeModule } from '@repo/runtime/bootstrap';
import { DatabaseModule } from '@repo/runtime/database';
import { QueueModule } from '@repo/runtime/queue';
import { redisConnection } from '@repo/runtime/redis';
import { config } from './app.config.js';
import { dataSource } from './database/data-source.js';
import { loadJobs } from './tasks/load-jobs.js';
import { TasksModule } from './tasks/tasks.module.js';

@Module({
  imports: [
    RuntimeModule.forRoot('worker', config, { http: false }),
    DatabaseModule.forRoot(dataSource(config)),
    QueueModule.forRoot(redisConnection('QUEUE', config)),
    TasksModule.forRoot(await loadJobs(join(import.meta.dirname, 'jobs'))),
  ],
})
export class AppModule {}
