import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { clientNetwork } from '@repo/runtime/context';
import { TooManyRequestsError } from '@repo/runtime/errors';
import { RateLimiter } from '@repo/runtime/rate-limit';
import { config } from '../app.config.js';
import { KnownClients } from './known-clients.js';

const PERIOD_SECONDS = 15 * 60;

interface Counter {
  caller: string;
  limit: number;
}

/**
 * Slows guessing, per account and per address. Only failures count, so that honest users notice nothing. An address
 * from which the account was logged in to before is counted by itself: whoever guesses elsewhere, however long,
 * cannot keep the owner out.
 */
@Injectable()
export class LoginThrottle {
  /** Guesses that are being judged in this process: many at once must not slip through before the first has failed. */
  private readonly running = new Map<string, number>();

  constructor(
    private readonly limiter: RateLimiter,
    private readonly known: KnownClients,
  ) {}

  // #region guess
  /**
   * Judges a guess at a password, and gives back what `verify` says: something falsy for a wrong one.
   *
   * @throws TooManyRequestsError when there were too many failures
   */
  async guess<T>(login: string, address: string | undefined, verify: () => Promise<T>): Promise<T> {
    const account = createHash('sha256').update(login.toLowerCase()).digest('base64url').slice(0, 22);
    const network = address && clientNetwork(address);
    const counters = await this.countersOf(account, network);
    const usages = await Promise.all(counters.map((counter) => this.limiter.usage(callOf(counter))));
    counters.forEach(({ caller }, index) => {
      const { remaining, resetSeconds } = usages[index]!;
      if (remaining - (this.running.get(caller) ?? 0) <= 0) throw tooMany(resetSeconds);
    });
    for (const { caller } of counters) this.run(caller, +1);
    try {
      const right = await verify();
      if (!right) await Promise.all(counters.map((counter) => this.limiter.admit(callOf(counter))));
      else if (network) await this.known.remember(account, network);
      return right;
    } finally {
      for (const { caller } of counters) this.run(caller, -1);
    }
  }
  // #endregion

  private async countersOf(account: string, network: string | undefined): Promise<Counter[]> {
    const perAccount = { caller: `key:account:${account}`, limit: config.LOGIN_MAX_FAILURES };
    if (!network) return [perAccount];
    const isKnown = await this.known.has(account, network);
    return [
      isKnown ? { ...perAccount, caller: `${perAccount.caller}@${network}` } : perAccount,
      { caller: `ip:${network}`, limit: config.LOGIN_MAX_FAILURES_PER_ADDRESS },
    ];
  }

  private run(caller: string, change: number): void {
    const count = (this.running.get(caller) ?? 0) + change;
    if (count > 0) this.running.set(caller, count);
    else this.running.delete(caller);
  }
}

const callOf = ({ caller, limit }: Counter) => ({
  caller,
  path: 'login',
  rule: { limit, period: PERIOD_SECONDS },
});

const tooMany = (resetSeconds: number) =>
  new TooManyRequestsError('Too many failed logins. Try again later.', {
    retryAfterSeconds: Math.max(1, resetSeconds),
  });
