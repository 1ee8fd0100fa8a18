import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  ChangePassword,
  GetRateLimitRule,
  GetUser,
  GetUserByUsername,
  type RateLimitRule,
  type UserSnapshot,
  VerifyCredentials,
} from '@repo/contracts';
import { OnRequest } from '@repo/messaging';
import { RateLimitsService } from '../rate-limits/rate-limits.service.js';
import { CredentialsService } from './credentials.service.js';
import { UsersService } from './users.service.js';

@Controller()
export class UsersResponder {
  constructor(
    private readonly users: UsersService,
    private readonly credentials: CredentialsService,
    private readonly rateLimits: RateLimitsService,
  ) {}

  @OnRequest('users.verify-credentials')
  verifyCredentials(@Payload() { login, password }: VerifyCredentials): Promise<UserSnapshot | null> {
    return this.credentials.verify(login, password);
  }

  @OnRequest('users.change-password')
  async changePassword(@Payload() change: ChangePassword): Promise<{ changed: boolean }> {
    return { changed: await this.credentials.change(change) };
  }

  @OnRequest('users.get-user')
  getUser(@Payload() { id }: GetUser): Promise<UserSnapshot | null> {
    return this.users.findSnapshot({ id });
  }

  @OnRequest('users.get-user-by-username')
  getUserByUsername(@Payload() { username }: GetUserByUsername): Promise<UserSnapshot | null> {
    return this.users.findSnapshot({ username });
  }

  @OnRequest('users.get-rate-limit-rule')
  getRateLimitRule(@Payload() { userId, path }: GetRateLimitRule): Promise<RateLimitRule | null> {
    return this.rateLimits.findRule(userId, path);
  }
}
