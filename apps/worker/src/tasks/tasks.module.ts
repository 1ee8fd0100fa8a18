import { Module } from '@nestjs/common';
import { TasksProcessor } from './tasks.processor.js';
import { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';

@Module({ providers: [TasksService, TasksRepository, TasksProcessor] })
export class TasksModule {}
