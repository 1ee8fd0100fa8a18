import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { EventEnvelope } from '@repo/contracts';
import { Inbox, OnEvent } from '@repo/messaging';
import { GadgetsService } from './{gadgets}.service.js';

@Controller()
export class GadgetsMessages {
  constructor(
    private readonly gadgets: GadgetsService,
    private readonly inbox: Inbox,
  ) {}

  @OnEvent('user.erased')
  async onUserErased(@Payload() event: EventEnvelope<'user.erased'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.gadgets.eraseAllOf(event.data.id, tx), '{gadgets}');
  }
}
