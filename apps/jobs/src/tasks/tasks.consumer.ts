import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { EventEnvelope } from '@repo/contracts';
import { Inbox, OnEvent } from '@repo/messaging';
import { TasksService } from './tasks.service.js';

@Controller()
export class TasksConsumer {
  constructor(
    private readonly tasks: TasksService,
    private readonly inbox: Inbox,
  ) {}

  @OnEvent('job.requested')
  async onJobRequested(@Payload() event: EventEnvelope<'job.requested'>): Promise<void> {
    await this.inbox.once(event, async (tx) => void (await this.tasks.accept(event.data, tx)));
  }

  @OnEvent('user.hard-deleted')
  async onUserHardDeleted(@Payload() event: EventEnvelope<'user.hard-deleted'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.tasks.hardDeleteOfUser(event.data.id, tx));
  }
}
