import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { EventEnvelope } from '@repo/contracts';
import { Inbox, OnEvent } from '@repo/messaging';
import { SessionsService } from './sessions.service.js';

@Controller()
export class SessionsConsumer {
  constructor(
    private readonly sessions: SessionsService,
    private readonly inbox: Inbox,
  ) {}

  @OnEvent('user.deleted')
  async onUserDeleted(@Payload() event: EventEnvelope<'user.deleted'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.sessions.endAllOfUser(event.data, tx));
  }

  @OnEvent('user.hard-deleted')
  async onUserHardDeleted(@Payload() event: EventEnvelope<'user.hard-deleted'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.sessions.hardDeleteAllOfUser(event.data, tx));
  }

  @OnEvent('user.password-changed')
  async onPasswordChanged(@Payload() event: EventEnvelope<'user.password-changed'>): Promise<void> {
    const { userId, keepSessionId } = event.data;
    await this.inbox.once(event, (tx) => this.sessions.revoke({ userId, except: keepSessionId }, tx));
  }

  @OnEvent('user.privileges-changed')
  async onPrivilegesChanged(@Payload() event: EventEnvelope<'user.privileges-changed'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.sessions.revokeAccessTokens(event.data, tx));
  }
}
