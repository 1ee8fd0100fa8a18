import { Injectable } from '@nestjs/common';
import type { RateLimitRule } from '@repo/contracts';
import { Requests } from '@repo/messaging';
import type { RuleSource } from '@repo/rate-limit';

/** Requests to the users service. */
@Injectable()
export class UsersClient implements RuleSource {
  constructor(private readonly requests: Requests) {}

  ruleFor(userId: number, path: string): Promise<RateLimitRule | null> {
    return this.requests.request('users.get-rate-limit-rule', { userId, path });
  }
}
