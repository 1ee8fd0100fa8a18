import { Injectable } from '@nestjs/common';
import { Cache, cacheKey } from '@repo/cache';
import { Bank } from './bank.js';

@Injectable()
export class RatesService {
  constructor(
    private readonly bank: Bank,
    private readonly cache: Cache,
  ) {}

  async get(currency: string, day?: string): Promise<{ rate: number }> {
    return { rate: await this.bank.rateOf(currency, day) };
  }

  // #region value
  async convert(currency: string, amounts: number[]): Promise<number[]> {
    const policy = { tags: [cacheKey`currency:${currency}`], ttlSeconds: 300 };
    const rate = await this.cache.wrap(cacheKey`rate:${currency}`, policy, () => this.bank.rateOf(currency));
    return amounts.map((amount) => amount * rate);
  }
  // #endregion

  // #region invalidate
  /** For a change that does not come through the route with `@Invalidates`. */
  async onRateChanged(currency: string, rate: number): Promise<void> {
    await this.bank.setRate(currency, rate);
    await this.cache.invalidate(cacheKey`currency:${currency}`);
  }
  // #endregion

  async set(currency: string, rate: number): Promise<void> {
    await this.bank.setRate(currency, rate);
  }
}
