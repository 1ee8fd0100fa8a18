import { Module } from '@nestjs/common';
import { SuperuserLoginGuard } from '@repo/auth';
import { QueueBoard } from './queue-board.js';
import { QueuesController } from './queues.controller.js';
import { QueuesService } from './queues.service.js';

/** The queue dashboard. */
@Module({
  controllers: [QueuesController],
  providers: [QueuesService, QueueBoard, SuperuserLoginGuard],
})
export class QueuesModule {}
