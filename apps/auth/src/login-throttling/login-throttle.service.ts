import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable, Logger } from '@nestjs/common';
import { clientNetwork, Semaphore, TooManyRequestsError } from '@repo/core';
import { RateLimiter } from '@repo/rate-limit';
import { AuthConfig } from '../app.config.js';
import { KeyedSemaphore } from './keyed-semaphore.js';
import { KnownNetworks } from './known-networks.service.js';

const PERIOD_SECONDS = 15 * 60;
/** Longest wait of an attempt for other attempts of the same account or network. */
const MAX_WAIT_MS = 3_000;
/** Parallel verifications: as many as the users service hashes. The other half of the processors serves other requests. */
const MAX_VERIFIED_AT_ONCE = Math.ceil(availableParallelism() / 2);
/** Waiting attempts: more would exceed the time limit of their requests. */
const MAX_WAITING = 100;
/** Longest time that a verification blocks others: several times its duration on a busy machine. */
const MAX_HELD_MS = 100;

interface Counter {
  caller: string;
  limit: number;
}

/**
 * Limits failed attempts at a password, per account and per network. Successful attempts do not count. A network from
 * which the account was logged in to has a counter of its own, so that attempts from elsewhere cannot lock the owner out.
 */
@Injectable()
export class LoginThrottle {
  private readonly logger = new Logger(LoginThrottle.name);
  /** Attempts in flight by counter: no more than may still fail, so that parallel attempts cannot exceed the limit. */
  private readonly inFlight = new KeyedSemaphore();
  private readonly verifications = new Semaphore(MAX_VERIFIED_AT_ONCE, {
    maxWaiting: MAX_WAITING,
    maxHeldMs: MAX_HELD_MS,
  });

  constructor(
    private readonly limiter: RateLimiter,
    private readonly knownNetworks: KnownNetworks,
    private readonly config: AuthConfig,
  ) {}

  // #region attempt
  /**
   * Runs `verify` and returns its result; a falsy result counts as a failed attempt.
   *
   * @throws TooManyRequestsError after too many failed attempts
   * @throws UnavailableError when too many attempts wait
   */
  async attempt<T>(login: string, address: string | undefined, verify: () => Promise<T>): Promise<T> {
    const account = createHash('sha256').update(login.toLowerCase()).digest('base64url').slice(0, 22);
    const network = address && clientNetwork(address);
    const counters = await this.countersOf(account, network);
    const result = await this.withinLimits(counters, async () => {
      const verified = await this.verifications.run(verify);
      if (!verified) await Promise.all(counters.map((counter) => this.limiter.admit(callOf(counter))));
      return verified;
    });
    if (result && network) await this.knownNetworks.add(account, network);
    return result;
  }
  // #endregion

  private async countersOf(account: string, network: string | undefined): Promise<Counter[]> {
    const perAccount = { caller: `key:account:${account}`, limit: this.config.LOGIN_MAX_FAILURES };
    if (!network) return [perAccount];
    const isKnown = await this.knownNetworks.has(account, network);
    return [
      isKnown ? { ...perAccount, caller: `${perAccount.caller}@${network}` } : perAccount,
      { caller: `ip:${network}`, limit: this.config.LOGIN_MAX_FAILURES_PER_ADDRESS },
    ];
  }

  private withinLimits<T>([counter, ...others]: Counter[], work: () => Promise<T>): Promise<T> {
    if (!counter) return work();
    const options = { capacity: () => this.remaining(counter), timeoutMs: MAX_WAIT_MS };
    return this.inFlight.run(counter.caller, options, () => this.withinLimits(others, work));
  }

  /** Attempts that may still fail. */
  private async remaining(counter: Counter): Promise<number> {
    const { remaining, resetSeconds } = await this.limiter.check(callOf(counter));
    if (remaining > 0) return remaining;
    this.logger.warn({ event: 'login.slowed', msg: 'An attempt was refused after too many wrong passwords' });
    throw new TooManyRequestsError('Too many failed logins. Try again later.', {
      retryAfterSeconds: Math.max(1, resetSeconds),
    });
  }
}

const callOf = ({ caller, limit }: Counter) => ({
  caller,
  path: 'login',
  rule: { limit, period: PERIOD_SECONDS },
});
