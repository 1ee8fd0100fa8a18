import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { EventEnvelope } from '@repo/contracts';
import { Inbox, OnEvent } from '@repo/messaging';
import { GadgetsService } from './{gadgets}.service.js';

@Controller()
export class GadgetsConsumer {
  constructor(
    private readonly gadgets: GadgetsService,
    private readonly inbox: Inbox,
  ) {}

  @OnEvent('user.hard-deleted')
  async onUserHardDeleted(@Payload() event: EventEnvelope<'user.hard-deleted'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.gadgets.hardDeleteOfUser(event.data.id, tx), '{gadgets}');
  }
}
