import { Injectable } from '@nestjs/common';
import { NotFoundError } from '@repo/core';

/** Takes the place of a slow source, such as a database or another service. */
@Injectable()
export class Bank {
  loads = 0;
  private readonly rates = new Map<string, number>();

  async rateOf(currency: string, _day?: string): Promise<number> {
    this.loads += 1;
    const rate = this.rates.get(currency);
    if (rate === undefined) throw new NotFoundError('Currency not found');
    return rate;
  }

  async setRate(currency: string, rate: number): Promise<void> {
    this.rates.set(currency, rate);
  }
}
