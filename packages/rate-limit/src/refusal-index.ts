import { Injectable, Optional } from '@nestjs/common';
import { type EarlyRefusal, EarlyResponses, type RepeatedRequest, type RequestContext } from '@repo/core';
import { LRUCache } from 'lru-cache';
import { type RateLimitCall, RateLimiter } from './rate-limiter.js';
import { RateLimitRules } from './rate-limit-rules.js';
import { refusalOf } from './refusal.js';

interface Refused extends RateLimitCall {
  /** Whether a request with these headers reaches the limiter as it is. */
  isReached: (request: RepeatedRequest) => boolean;
}

type Entry = Refused & Pick<EarlyRefusal, 'name' | 'route' | 'userId'>;

const MAX_ENTRIES = 10_000;
const MAX_CHARACTERS = 16 * 1_024 * 1_024;

/**
 * Refused requests of users. The same request with the same token is valid, so it is refused again while the user is
 * blocked and the rule has not changed.
 */
@Injectable()
export class RefusalIndex {
  private readonly entries = new LRUCache<string, Entry>({
    max: MAX_ENTRIES,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_entry, key) => key.length,
  });

  constructor(
    private readonly limiter: RateLimiter,
    private readonly rules: RateLimitRules,
    @Optional() early?: EarlyResponses,
  ) {
    if (early) early.findRefusal = (request) => this.find(request);
  }

  /** Stores the refusal of the running request of a user. */
  set({ user, method, route, request }: RequestContext, refused: Refused): void {
    const { url, headers, routeOptions } = request!;
    const origin = { name: `${method} ${route}`, route: routeOptions.url!, userId: user!.id };
    this.entries.set(keyOf({ method, url, headers }), { ...origin, ...refused });
  }

  private find(request: RepeatedRequest): EarlyRefusal | undefined {
    const key = keyOf(request);
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    const { userId, path, rule } = entry;
    const result = this.limiter.refusal(entry);
    if (result && this.rules.isCurrent(userId, path, rule))
      return entry.isReached(request) ? { ...entry, ...refusalOf(path, rule, result) } : undefined;
    this.entries.delete(key);
    return undefined;
  }
}

function keyOf({ method, url, headers }: RepeatedRequest): string {
  return `${method} ${url} ${headers.authorization}`;
}
