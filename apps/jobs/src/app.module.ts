import { Module } from '@nestjs/common';
import { RuntimeModule } from '@repo/runtime/bootstrap';
import { DatabaseModule } from '@repo/runtime/database';
import { QueueModule } from '@repo/runtime/queue';
import { RateLimitModule } from '@repo/runtime/rate-limit';
import { redisConnection } from '@repo/runtime/redis';
import { config } from './app.config.js';
import { dataSource } from './database/data-source.js';
import { QueuesModule } from './queues/queues.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { UsersClient } from './tasks/users.client.js';

@Module({
  imports: [
    RuntimeModule.forRoot('jobs', config),
    DatabaseModule.forRoot(dataSource(config)),
    QueueModule.forRoot(redisConnection('QUEUE', config)),
    RateLimitModule.forRoot(config, { ruleSource: UsersClient }),
    TasksModule,
    QueuesModule,
  ],
})
export class AppModule {}
