import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { DatabaseModule } from '@repo/database';
import { QueueModule } from '@repo/queue';
import { redisConnection } from '@repo/redis';
import { ServiceModule } from '@repo/service';
import { config } from './app.config.js';
import { dataSource } from './database/data-source.js';
import { loadJobs } from './tasks/load-jobs.js';
import { TasksModule } from './tasks/tasks.module.js';

@Module({
  imports: [
    ServiceModule.forRoot('worker', config, { http: false }),
    DatabaseModule.forRoot(dataSource(config)),
    QueueModule.forRoot(redisConnection('QUEUE', config)),
    TasksModule.forRoot(await loadJobs(join(import.meta.dirname, 'jobs'))),
  ],
})
export class AppModule {}
