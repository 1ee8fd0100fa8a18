import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { EventEnvelope } from '@repo/contracts';
import { Inbox, OnEvent } from '@repo/messaging';
import { AuthorsService } from './authors.service.js';

@Controller()
export class AuthorsConsumer {
  constructor(
    private readonly authors: AuthorsService,
    private readonly inbox: Inbox,
  ) {}

  @OnEvent('user.created')
  async onUserCreated(@Payload() event: EventEnvelope<'user.created'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.authors.apply(event.data, tx));
  }

  @OnEvent('user.updated')
  async onUserUpdated(@Payload() event: EventEnvelope<'user.updated'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.authors.apply(event.data, tx));
  }

  @OnEvent('user.deleted')
  async onUserDeleted(@Payload() event: EventEnvelope<'user.deleted'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.authors.apply(event.data, tx));
  }
}
