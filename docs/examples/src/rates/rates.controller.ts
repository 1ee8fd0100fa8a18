import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { Public, Superuser } from '@repo/auth';
import { Cached, Invalidates } from '@repo/cache';
import { RateLimit } from '@repo/rate-limit';
import { RatesService } from './rates.service.js';

@Controller('rates')
export class RatesController {
  constructor(private readonly rates: RatesService) {}

  // #region cached
  @Public()
  @Cached({ key: 'rates:{currency}:{day}', tags: ['currency:{currency}'], ttlSeconds: 300 })
  @Get(':currency')
  get(@Param('currency') currency: string, @Query('day') day?: string): Promise<{ rate: number }> {
    return this.rates.get(currency, day);
  }
  // #endregion

  // #region invalidates
  @Superuser()
  @Invalidates({ tags: ['currency:{currency}'] })
  @Put(':currency')
  set(@Param('currency') currency: string, @Body() { rate }: { rate: number }): Promise<void> {
    return this.rates.set(currency, rate);
  }
  // #endregion

  // #region limited
  @Public()
  @RateLimit()
  @Post('alerts')
  subscribe(): { subscribed: boolean } {
    return { subscribed: true };
  }
  // #endregion
}
