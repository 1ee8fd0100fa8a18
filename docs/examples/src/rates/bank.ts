import { Injectable } from '@nestjs/common';
import { NotFoundError } from '@repo/core';

/** Stands for what is slow to ask: a database, another service. */
@Injectable()
export class Bank {
  questions = 0;
  private readonly rates = new Map<string, number>();

  async rateOf(currency: string, _day?: string): Promise<number> {
    this.questions += 1;
    const rate = this.rates.get(currency);
    if (rate === undefined) throw new NotFoundError('Currency not found');
    return rate;
  }

  async setRate(currency: string, rate: number): Promise<void> {
    this.rates.set(currency, rate);
  }
}
