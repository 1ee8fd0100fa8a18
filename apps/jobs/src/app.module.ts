import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@repo/database';
import { QueueModule } from '@repo/queue';
import { RateLimitModule } from '@repo/rate-limit';
import { redisConnection } from '@repo/redis';
import { ServiceModule } from '@repo/service';
import type { JobsConfig } from './app.config.js';
import { dataSource } from './database/data-source.js';
import { QueuesModule } from './queues/queues.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { UsersClient } from './tasks/users.client.js';

@Module({})
export class AppModule {
  static forRoot(config: JobsConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceModule.forRoot(config),
        DatabaseModule.forRoot(dataSource(config)),
        QueueModule.forRoot(redisConnection('QUEUE', config)),
        RateLimitModule.forRoot(config, { ruleSource: UsersClient }),
        TasksModule,
        QueuesModule,
      ],
    };
  }
}
