import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { EventEnvelope } from '@repo/contracts';
import { Inbox, OnEvent } from '@repo/messaging';
import { PostsService } from './posts.service.js';

@Controller()
export class PostsConsumer {
  constructor(
    private readonly posts: PostsService,
    private readonly inbox: Inbox,
  ) {}

  @OnEvent('user.hard-deleted')
  async onUserHardDeleted(@Payload() event: EventEnvelope<'user.hard-deleted'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.posts.hardDeleteAllOf(event.data, tx));
  }
}
