import { Global, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Cache, CacheModule } from '@repo/cache';
import { app as appSettings, cache, configOf, rateLimit } from '@repo/config';
import { ReplicaBus } from '@repo/messaging';
import { RateLimitModule } from '@repo/rate-limit';
import { ErrorFilter, registerRequestHooks } from '@repo/service';
import { MemoryNetwork } from '@repo/testing';
import { Bank } from './bank.js';
import { RatesController } from './rates.controller.js';
import { RatesService } from './rates.service.js';

class RatesConfig extends configOf('rates', { ...appSettings(), ...cache(), ...rateLimit() }) {}
const bus = { provide: ReplicaBus, useFactory: () => new MemoryNetwork().join() };

@Global()
@Module({ providers: [bus], exports: [bus] })
class OneReplicaModule {}

describe('exchange rates', () => {
  let app: NestFastifyApplication;
  let bank: Bank;
  let currency: string;
  let currencies = 0;

  beforeAll(async () => {
    const config = new RatesConfig();
    const module = await Test.createTestingModule({
      imports: [OneReplicaModule, CacheModule.forRoot(config), RateLimitModule.forRoot(config)],
      controllers: [RatesController],
      providers: [RatesService, Bank],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    registerRequestHooks(app.getHttpAdapter().getInstance(), { clientCacheMaxAge: 60 });
    app.useGlobalFilters(new ErrorFilter());
    await app.init();
    // A service clears its cache at the start; this waits for it.
    await app.get(Cache).clear();
    bank = app.get(Bank);
  });

  afterAll(() => app?.close());

  beforeEach(async () => {
    currency = `C${(currencies += 1)}${Date.now()}`;
    await bank.setRate(currency, 2);
    bank.loads = 0;
  });

  const read = async (path: string) => (await app.inject({ url: `/rates/${path}` })).body;

  it('loads a rate once', async () => {
    expect([await read(currency), await read(currency)]).toEqual(['{"rate":2}', '{"rate":2}']);
    expect(bank.loads).toBe(1);
  });

  it('caches each day separately', async () => {
    await read(currency);
    await read(`${currency}?day=monday`);
    expect(bank.loads).toBe(2);
  });

  it('returns the new rate after a write through the route or an event', async () => {
    await read(currency);
    await app.inject({ method: 'PUT', url: `/rates/${currency}`, payload: { rate: 3 } });
    expect(await read(currency)).toBe('{"rate":3}');

    await app.get(RatesService).onRateChanged(currency, 4);
    expect(await read(currency)).toBe('{"rate":4}');
  });

  it('caches the rate as a value', async () => {
    expect(await app.get(RatesService).convert(currency, [1, 2])).toEqual([2, 4]);
    expect(await app.get(RatesService).convert(currency, [5])).toEqual([10]);
    expect(bank.loads).toBe(1);
  });

  it('sends the rate limit with each response', async () => {
    const { statusCode, headers } = await app.inject({ method: 'POST', url: '/rates/alerts' });
    expect([statusCode, headers['ratelimit-policy']]).toEqual([201, '"rates_alerts";q=10;w=3600']);
  });
});
