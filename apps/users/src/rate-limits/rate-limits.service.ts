import { Injectable } from '@nestjs/common';
import type {
  CreateRateLimitDto,
  ListRateLimitsQuery,
  Page,
  RateLimitRead,
  RateLimitRule,
  UpdateRateLimitDto,
} from '@repo/contracts';
import { NotFoundError, UnprocessableError } from '@repo/core';
import { type ColumnsOf, Database, mapPage, type Transaction, violates } from '@repo/database';
import { ReplicaBus } from '@repo/messaging';
import { RATE_LIMITS_TOPIC, type RateLimitsChanged } from '@repo/rate-limit';
import { TiersService } from '../tiers/tiers.service.js';
import { LimitedRoutes } from './limited-routes.js';
import type { RateLimit } from './rate-limit.entity.js';
import { RateLimitsRepository } from './rate-limits.repository.js';

@Injectable()
export class RateLimitsService {
  constructor(
    private readonly limits: RateLimitsRepository,
    private readonly tiers: TiersService,
    private readonly routes: LimitedRoutes,
    private readonly database: Database,
    private readonly bus: ReplicaBus,
  ) {}

  async create(tierName: string, { path, limit, period, name }: CreateRateLimitDto): Promise<RateLimitRead> {
    const tier = await this.tiers.get(tierName);
    this.routes.expect(path);
    const rule = { tierId: tier.id, path, limit, period, name: name ?? `${path}:${limit}:${period}` };
    if (name && (await this.limits.findByName(name)))
      throw new UnprocessableError('Rate Limit Name not available');
    if (await this.limits.findByPath(tier.id, path)) throw pathTaken();
    return translateViolations('Rate Limit Name not available', () =>
      this.database.transaction(async (tx) => {
        const created = await this.limits.insert(rule, tx);
        this.broadcastChange({}, tx);
        return toRateLimitRead(created);
      }),
    );
  }

  async list(tierName: string, query: ListRateLimitsQuery): Promise<Page<RateLimitRead>> {
    const tier = await this.tiers.get(tierName);
    return mapPage(await this.limits.findPage(tier.id, query), toRateLimitRead);
  }

  async getRead(tierName: string, id: number): Promise<RateLimitRead> {
    return toRateLimitRead(await this.get(tierName, id));
  }

  async listOfTier(tierId: number | null): Promise<RateLimitRead[]> {
    return tierId === null ? [] : (await this.limits.findAllOfTier(tierId)).map(toRateLimitRead);
  }

  async listOfUser(userId: number): Promise<RateLimitRead[]> {
    return (await this.limits.findAllOfUser(userId)).map(toRateLimitRead);
  }

  async findRule(userId: number, path: string): Promise<RateLimitRule | null> {
    const [rule] = await this.limits.findAllOfUser(userId, path);
    return rule ? { limit: rule.limit, period: rule.period } : null;
  }

  async update(tierName: string, id: number, changes: UpdateRateLimitDto): Promise<void> {
    const rule = await this.get(tierName, id);
    if (changes.path !== undefined) this.routes.expect(changes.path);
    const sent = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    if (Object.keys(sent).length === 0) return;
    if (
      changes.path !== undefined &&
      changes.path !== rule.path &&
      (await this.limits.findByPath(rule.tierId, changes.path))
    ) {
      throw pathTaken();
    }
    await translateViolations('There is already a rate limit with this name', () =>
      this.database.transaction(async (tx) => {
        await this.limits.update(rule.id, sent, tx);
        this.broadcastChange({}, tx);
      }),
    );
  }

  async hardDelete(tierName: string, id: number): Promise<void> {
    const rule = await this.get(tierName, id);
    await this.database.transaction(async (tx) => {
      await this.limits.hardDelete(rule.id, tx);
      this.broadcastChange({}, tx);
    });
  }

  /** Every process drops its cached rules before the response is sent: the change applies to the next call. */
  broadcastChange(change: RateLimitsChanged, tx: Transaction): void {
    tx.afterCommit(() => this.bus.broadcast(RATE_LIMITS_TOPIC, change));
  }

  private async get(tierName: string, id: number): Promise<RateLimit> {
    const tier = await this.tiers.get(tierName);
    const rule = await this.limits.findInTier(tier.id, id);
    if (!rule) throw new NotFoundError('Rate Limit not found');
    return rule;
  }
}

function toRateLimitRead({
  id,
  tierId,
  name,
  path,
  limit,
  period,
}: ColumnsOf<RateLimit, RateLimitRead>): RateLimitRead {
  return { path, limit, period, id, tier_id: tierId, name };
}

const pathTaken = () => new UnprocessableError('There is already a rate limit for this path');

async function translateViolations<T>(nameTaken: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violates(error, 'uq_rate_limits_tier_path')) throw pathTaken();
    if (violates(error, 'uq_rate_limits_name')) throw new UnprocessableError(nameTaken);
    if (violates(error, 'fk_rate_limits_tier')) throw new NotFoundError('Tier not found');
    throw error;
  }
}
