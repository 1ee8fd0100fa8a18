import { Inject, Injectable, Logger, type OnModuleInit, Optional } from '@nestjs/common';
import type { RateLimitRule } from '@repo/contracts';
import { withDeadline } from '@repo/core';
import { ReplicaBus } from '@repo/messaging';
import { LRUCache } from 'lru-cache';

/** Topic of changes to rules, tiers, or the tier of a user. */
export const RATE_LIMITS_TOPIC = 'rate-limits';
export interface RateLimitsChanged {
  /** Missing: the change concerns all users. */
  userId?: number;
}

/** Loads the rules of tiers. A service that has users of tiers provides one. */
export abstract class RuleSource {
  /** @returns the rule of the user's tier for a path; null when it has none */
  abstract ruleFor(userId: number, path: string): Promise<RateLimitRule | null>;
}

export const DEFAULT_RULE = Symbol('DEFAULT_RULE');

/** The rules of one user by path; null without one. */
type CachedRules = Map<string, CachedRule>;

interface CachedRule {
  loading: Promise<RateLimitRule | null>;
  /** Undefined until it is loaded. */
  loaded?: RateLimitRule | null;
}

const MAX_ENTRIES = 10_000;
const WARNING_INTERVAL_MS = 60_000;
const SOURCE_TIMEOUT_MS = 500;

/** Finds the rule of a call. Rules are cached in memory while the lease of the replica bus is valid. */
@Injectable()
export class RateLimitRules implements OnModuleInit {
  private readonly logger = new Logger(RateLimitRules.name);
  private readonly cache = new LRUCache<number, CachedRules>({ max: MAX_ENTRIES });
  private readonly warned = new LRUCache<string, true>({ max: MAX_ENTRIES, ttl: WARNING_INTERVAL_MS });

  constructor(
    @Inject(ReplicaBus) private readonly bus: Pick<ReplicaBus, 'leaseValid' | 'listen'>,
    @Inject(DEFAULT_RULE) private readonly defaultRule: RateLimitRule,
    @Optional() private readonly source?: RuleSource,
  ) {}

  onModuleInit(): void {
    this.bus.listen<RateLimitsChanged>(RATE_LIMITS_TOPIC, {
      onMessage: ({ userId }) => void (userId === undefined ? this.cache.clear() : this.cache.delete(userId)),
      reload: () => this.cache.clear(),
    });
  }

  /** The rule of the user's tier for a path. The default without a user or a rule, and when the source fails. */
  async ruleFor(user: { id: number } | undefined, path: string): Promise<RateLimitRule> {
    if (!user || !this.source) return this.defaultRule;
    try {
      const rule = await this.lookUp(this.source, user.id, path);
      if (rule) return rule;
      this.warn(`User ${user.id} has no rate limit for ${path}; the default applies`);
    } catch (error) {
      this.warn(
        `The rate limit of user ${user.id} for ${path} is unknown; the default applies: ${String(error)}`,
      );
    }
    return this.defaultRule;
  }

  /** Whether `ruleFor` would return this rule now, without a load. */
  isCurrent(userId: number, path: string, rule: RateLimitRule): boolean {
    if (!this.source) return rule === this.defaultRule;
    if (!this.bus.leaseValid) return false;
    const loaded = this.cache.get(userId)?.get(path)?.loaded;
    return loaded !== undefined && rule === (loaded ?? this.defaultRule);
  }

  /**
   * Caches the promise, so that concurrent calls share one load. A change removes loads in flight as well, so that their
   * results, which may be older than the change, are not used later.
   */
  private lookUp(source: RuleSource, userId: number, path: string): Promise<RateLimitRule | null> {
    if (!this.bus.leaseValid) return load(source, userId, path);
    const rules: CachedRules = this.cache.get(userId) ?? new Map();
    this.cache.set(userId, rules);
    const cached = rules.get(path);
    if (cached) return cached.loading;
    const entry: CachedRule = { loading: load(source, userId, path) };
    rules.set(path, entry);
    entry.loading.then(
      (rule) => (entry.loaded = rule),
      () => rules.delete(path),
    );
    return entry.loading;
  }

  /** Logs a warning once a minute. */
  private warn(message: string): void {
    if (this.warned.has(message)) return;
    this.warned.set(message, true);
    this.logger.warn(message);
  }
}

async function load(source: RuleSource, userId: number, path: string): Promise<RateLimitRule | null> {
  const rule = await withDeadline(source.ruleFor(userId, path), SOURCE_TIMEOUT_MS);
  if (rule === undefined) throw new Error(`no response within ${SOURCE_TIMEOUT_MS} ms`);
  return rule;
}
