import { Injectable } from '@nestjs/common';
import { ForbiddenError, requestContext } from '@repo/core';
import { admitRequest, networkOf, RateLimiter } from '@repo/rate-limit';
import { UsersConfig } from '../app.config.js';

const HOUR_SECONDS = 3_600;

/** Whether the client of the running request may sign up. A sign-up costs a hash. */
@Injectable()
export class SignUpPolicy {
  constructor(
    private readonly config: UsersConfig,
    private readonly limiter: RateLimiter,
  ) {}

  /**
   * Counts the sign-up for the network of the client.
   *
   * @throws ForbiddenError while sign-up is disabled
   * @throws TooManyRequestsError beyond SIGN_UP_LIMIT_PER_HOUR
   */
  async admit(): Promise<void> {
    const { SIGN_UP_ENABLED, SIGN_UP_LIMIT_PER_HOUR: limit } = this.config;
    if (!SIGN_UP_ENABLED) throw new ForbiddenError('Sign-up is disabled.');
    if (limit === 0 || !this.limiter.enabled) return;
    const rule = { limit, period: HOUR_SECONDS };
    const caller = networkOf(requestContext() ?? {});
    const refused = await admitRequest(this.limiter, { caller, path: 'sign_up', rule });
    if (refused) throw refused;
  }
}
