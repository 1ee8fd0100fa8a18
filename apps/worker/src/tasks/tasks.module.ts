import { Module } from '@nestjs/common';
import { TaskHandlers } from './task-handlers.js';
import { TasksProcessor } from './tasks.processor.js';
import { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';

@Module({ providers: [TasksService, TasksRepository, TaskHandlers, TasksProcessor] })
export class TasksModule {}
