import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { EventEnvelope } from '@repo/contracts';
import { Inbox, OnEvent } from '@repo/messaging';
import { PostsService } from './posts.service.js';

@Controller()
export class PostsMessages {
  constructor(
    private readonly posts: PostsService,
    private readonly inbox: Inbox,
  ) {}

  @OnEvent('user.erased')
  async onUserErased(@Payload() event: EventEnvelope<'user.erased'>): Promise<void> {
    await this.inbox.once(event, (tx) => this.posts.eraseAllOf(event.data, tx));
  }
}
