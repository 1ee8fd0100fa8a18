import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ReplicaBus } from '@repo/messaging';
import { LRUCache } from 'lru-cache';
import type { RateLimitRule, RuleSource } from './rate-limit.types.js';

/** The topic on which a change of rules, tiers or a user's tier is told; without `userId` it concerns everybody. */
export const RATE_LIMITS_TOPIC = 'rate-limits';
export interface RateLimitsChanged {
  userId?: number;
}

/** What is known of one user: path → the rule of the user's tier, or null without one. */
type KnownRules = Map<string, Promise<RateLimitRule | null>>;

const MAX_USERS = 10_000;
const MAX_WARNINGS = 10_000;
const WARNING_INTERVAL_MS = 60_000;
const SOURCE_LIMIT_MS = 500;

/** Which rule holds for whom. Rules are kept in memory, exact as long as the bus is leaseValid. */
export class RateLimitRules implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RateLimitRules.name);
  private readonly known = new LRUCache<number, KnownRules>({ max: MAX_USERS });
  private readonly warnedAt = new LRUCache<string, number>({ max: MAX_WARNINGS });
  private stopListening?: () => void;

  constructor(
    private readonly bus: Pick<ReplicaBus, 'leaseValid' | 'listen'>,
    private readonly defaultRule: RateLimitRule,
    private readonly source?: RuleSource,
  ) {}

  /** The rule of the user's tier for the path; the default without one, without a user, or when it cannot be known. */
  async ruleFor(user: { id: number } | undefined, path: string): Promise<RateLimitRule> {
    if (!user || !this.source) return this.defaultRule;
    try {
      const rule = await this.lookUp(this.source, user.id, path);
      if (rule) return rule;
      this.warn(`User ${user.id} has no rate limit for ${path}: the default holds`);
    } catch (error) {
      this.warn(
        `The rate limit of user ${user.id} for ${path} is not known, the default holds: ${String(error)}`,
      );
    }
    return this.defaultRule;
  }

  onModuleInit(): void {
    this.stopListening = this.bus.listen<RateLimitsChanged>(RATE_LIMITS_TOPIC, {
      onMessage: ({ userId }) => void (userId === undefined ? this.known.clear() : this.known.delete(userId)),
      reload: () => this.known.clear(),
    });
  }

  onApplicationShutdown(): void {
    this.stopListening?.();
  }

  /**
   * The promise of an answer is kept, so that one question serves all who ask meanwhile. What a change drops is
   * dropped with its questions under way: a late, old answer is never found again.
   */
  private lookUp(source: RuleSource, userId: number, path: string): Promise<RateLimitRule | null> {
    if (!this.bus.leaseValid) return ask(source, userId, path);
    const rules = this.rulesOf(userId);
    const known = rules.get(path);
    if (known) return known;
    const asked = ask(source, userId, path);
    rules.set(path, asked);
    asked.catch(() => rules.delete(path));
    return asked;
  }

  private rulesOf(userId: number): KnownRules {
    const known = this.known.get(userId);
    if (known) return known;
    const rules: KnownRules = new Map();
    this.known.set(userId, rules);
    return rules;
  }

  /** Each warning once a minute. */
  private warn(message: string): void {
    const now = performance.now();
    if (now - (this.warnedAt.get(message) ?? -Infinity) < WARNING_INTERVAL_MS) return;
    this.warnedAt.set(message, now);
    this.logger.warn(message);
  }
}

/** A source that is slow must not make every call slow. */
async function ask(source: RuleSource, userId: number, path: string): Promise<RateLimitRule | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), SOURCE_LIMIT_MS);
  });
  try {
    return await Promise.race([source.ruleFor(userId, path), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
