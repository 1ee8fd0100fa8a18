import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { Jobs } from './jobs.js';
import { Scheduler } from './scheduler.js';
import { TasksProcessor } from './tasks.processor.js';
import { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';

/** Executes tasks with the given jobs. */
@Module({})
export class TasksModule {
  static forRoot(jobs: Type[]): DynamicModule {
    return {
      module: TasksModule,
      providers: [
        ...jobs,
        { provide: Jobs, inject: jobs, useFactory: (...handlers: object[]) => new Jobs(handlers) },
        TasksService,
        TasksRepository,
        TasksProcessor,
        Scheduler,
      ],
    };
  }
}
