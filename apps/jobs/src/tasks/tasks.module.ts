import { Module } from '@nestjs/common';
import { TaskDispatcher } from './task-dispatcher.js';
import { TasksController } from './tasks.controller.js';
import { TasksConsumer } from './tasks.consumer.js';
import { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';

@Module({
  controllers: [TasksController, TasksConsumer],
  providers: [TasksService, TasksRepository, TaskDispatcher],
})
export class TasksModule {}
