import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { TooManyRequestsError } from '@repo/runtime/errors';
import { RateLimiter } from '@repo/runtime/rate-limit';
import { config } from '../app.config.js';

const PERIOD_SECONDS = 15 * 60;

/** Slows guessing, per account and per address. Only failures count, so that honest users notice nothing. */
@Injectable()
export class LoginThrottle {
  constructor(private readonly limiter: RateLimiter) {}

  /** @throws TooManyRequestsError when there were too many failures */
  async check(login: string, address: string | undefined): Promise<void> {
    for (const counter of counters(login, address)) {
      const { remaining, resetSeconds } = await this.limiter.usage(counter);
      if (remaining <= 0) {
        throw new TooManyRequestsError('Too many failed logins. Try again later.', {
          retryAfterSeconds: resetSeconds,
        });
      }
    }
  }

  async recordFailure(login: string, address: string | undefined): Promise<void> {
    await Promise.all(counters(login, address).map((counter) => this.limiter.admit(counter)));
  }
}

function counters(login: string, address: string | undefined) {
  const account = createHash('sha256').update(login.toLowerCase()).digest('base64url').slice(0, 22);
  const rule = (limit: number) => ({ path: 'login', rule: { limit, period: PERIOD_SECONDS } });
  return [
    { caller: `key:account:${account}`, ...rule(config.LOGIN_MAX_FAILURES) },
    ...(address ? [{ caller: `ip:${address}`, ...rule(config.LOGIN_MAX_FAILURES_PER_ADDRESS) }] : []),
  ];
}
