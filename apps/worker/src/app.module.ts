import { Module } from '@nestjs/common';
import { RuntimeModule } from '@repo/runtime/bootstrap';
import { DatabaseModule } from '@repo/runtime/database';
import { config } from './app.config.js';
import { dataSource } from './database/data-source.js';
import { TasksModule } from './tasks/tasks.module.js';

@Module({
  imports: [
    RuntimeModule.forRoot('worker', config, { http: false }),
    DatabaseModule.forRoot(dataSource(config)),
    TasksModule,
  ],
})
export class AppModule {}
