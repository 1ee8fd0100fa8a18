import { Module } from '@nestjs/common';
import { RuntimeModule } from '@repo/runtime/bootstrap';
import { DatabaseModule } from '@repo/runtime/database';
import { QueueModule } from '@repo/runtime/queue';
import { RateLimitModule } from '@repo/runtime/rate-limit';
import { TASKS_QUEUE } from '@repo/contracts';
import { config } from './app.config.js';
import { dataSource } from './database/data-source.js';
import { TasksModule } from './tasks/tasks.module.js';
import { UsersClient } from './tasks/users.client.js';

@Module({
  imports: [
    RuntimeModule.forRoot('jobs', config),
    DatabaseModule.forRoot(dataSource(config)),
    QueueModule.forRoot(TASKS_QUEUE, {
      host: config.REDIS_QUEUE_HOST,
      port: config.REDIS_QUEUE_PORT,
      username: config.REDIS_USERNAME,
      password: config.REDIS_PASSWORD,
    }),
    RateLimitModule.forRoot({
      redis: {
        host: config.REDIS_RATE_LIMIT_HOST,
        port: config.REDIS_RATE_LIMIT_PORT,
        username: config.REDIS_USERNAME,
        password: config.REDIS_PASSWORD,
      },
      enabled: config.RATE_LIMIT_ENABLED,
      defaultRule: { limit: config.DEFAULT_RATE_LIMIT_LIMIT, period: config.DEFAULT_RATE_LIMIT_PERIOD },
      ruleSource: UsersClient,
    }),
    TasksModule,
  ],
})
export class AppModule {}
