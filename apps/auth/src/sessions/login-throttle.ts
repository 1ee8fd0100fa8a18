import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable, Logger } from '@nestjs/common';
import { clientNetwork, Semaphore, TooManyRequestsError, UnavailableError } from '@repo/core';
import { RateLimiter } from '@repo/rate-limit';
import { AuthConfig } from '../app.config.js';
import { KnownClients } from './known-clients.js';
import { KeyedPlaces, type Places } from './places.js';

const PERIOD_SECONDS = 15 * 60;
/** How long a guess waits for others to be judged. */
const MAX_WAIT_MS = 3_000;
/** As many as the users service hashes passwords at a time: half of the processors are for everybody else. */
const MAX_JUDGED = Math.ceil(availableParallelism() / 2);
/** More would only be late, and take the places of other requests. */
const MAX_WAITING = 100;
/** Several times what one takes on a busy machine: one that hangs makes room for the next by then. */
const MAX_HELD_MS = 100;

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
  private readonly logger = new Logger(LoginThrottle.name);
  /** Guesses that are being judged in this process: many at once must not slip through before the first has failed. */
  private readonly judged = new KeyedPlaces();
  private readonly crowd = new Semaphore(MAX_JUDGED, { maxWaiting: MAX_WAITING, maxHeldMs: MAX_HELD_MS });

  constructor(
    private readonly limiter: RateLimiter,
    private readonly known: KnownClients,
    private readonly config: AuthConfig,
  ) {}

  // #region guess
  /**
   * Judges a guess at a password, and gives back what `judge` says: something falsy for a wrong one. A crowd waits in
   * line, so that what each one costs is not taken from everybody else at once.
   *
   * @throws TooManyRequestsError when there were too many failures
   */
  async guess<T>(login: string, address: string | undefined, judge: () => Promise<T>): Promise<T> {
    const account = createHash('sha256').update(login.toLowerCase()).digest('base64url').slice(0, 22);
    const network = address && clientNetwork(address);
    const counters = await this.countersOf(account, network);
    const right = await this.within(counters, async () => {
      const verdict = await this.crowd.run(judge);
      if (!verdict) await Promise.all(counters.map((counter) => this.limiter.admit(callOf(counter))));
      return verdict;
    });
    if (right && network) await this.known.remember(account, network);
    return right;
  }
  // #endregion

  private async countersOf(account: string, network: string | undefined): Promise<Counter[]> {
    const perAccount = { caller: `key:account:${account}`, limit: this.config.LOGIN_MAX_FAILURES };
    if (!network) return [perAccount];
    const isKnown = await this.known.has(account, network);
    return [
      isKnown ? { ...perAccount, caller: `${perAccount.caller}@${network}` } : perAccount,
      { caller: `ip:${network}`, limit: this.config.LOGIN_MAX_FAILURES_PER_ADDRESS },
    ];
  }

  /** Does the work while it has a place at each counter. */
  private within<T>([counter, ...others]: Counter[], work: () => Promise<T>): Promise<T> {
    if (!counter) return work();
    return this.judged.with(counter.caller, async (places) => {
      await this.takePlace(counter, places);
      try {
        return await this.within(others, work);
      } finally {
        places.release();
      }
    });
  }

  /** As many guesses are judged at once as may still fail; the others wait for how those end. */
  private async takePlace(counter: Counter, places: Places): Promise<void> {
    const end = performance.now() + MAX_WAIT_MS;
    for (;;) {
      const { remaining, resetSeconds } = await this.limiter.usage(callOf(counter));
      if (remaining > places.taken) break;
      if (remaining === 0) {
        places.callNext();
        this.logger.warn({ event: 'login.slowed', msg: 'There were too many wrong passwords' });
        throw tooMany(resetSeconds);
      }
      if (!(await places.turn(end - performance.now()))) throw new UnavailableError();
    }
    places.taken += 1;
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
