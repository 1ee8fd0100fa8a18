import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { PasswordCheck } from '@repo/auth';
import { type AuthUser, CheckPassword, type EventEnvelope } from '@repo/contracts';
import { Inbox, OnEvent, OnRequest } from '@repo/messaging';
import { SessionsService } from './sessions.service.js';

@Controller()
export class SessionsConsumer {
  constructor(
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordCheck,
    private readonly inbox: Inbox,
  ) {}

  @OnRequest('auth.check-password')
  async checkPassword(@Payload() credentials: CheckPassword): Promise<{ user: AuthUser | null }> {
    return { user: await this.passwords.check(credentials) };
  }

  @OnEvent('user.deleted')
  async onUserDeleted(@Payload() event: EventEnvelope<'user.deleted'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.sessions.endOfUser(event.data.id, { userIsGone: true }, tx));
  }

  @OnEvent('user.hard-deleted')
  async onUserHardDeleted(@Payload() event: EventEnvelope<'user.hard-deleted'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.sessions.hardDeleteUser(event.data.id, tx));
  }

  @OnEvent('user.password-changed')
  async onPasswordChanged(@Payload() event: EventEnvelope<'user.password-changed'>): Promise<void> {
    const { userId, keepSessionId } = event.data;
    await this.inbox.once(event, (tx) =>
      this.sessions.endOfUser(userId, { except: keepSessionId, userIsGone: false }, tx),
    );
  }

  @OnEvent('user.privileges-changed')
  async onPrivilegesChanged(@Payload() event: EventEnvelope<'user.privileges-changed'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.sessions.endAccess(event.data.id, tx));
  }
}
