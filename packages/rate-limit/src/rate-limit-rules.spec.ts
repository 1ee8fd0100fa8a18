import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MemoryNetwork } from '@repo/messaging/testing';
import { RATE_LIMITS_TOPIC, RateLimitRules } from './rate-limit-rules.js';
import type { RateLimitRule } from './rate-limit.types.js';

const DEFAULT = { limit: 10, period: 3_600 };
const PATH = 'api_v1_tasks_task';

function setup(rule: RateLimitRule | null = { limit: 3, period: 60 }) {
  const bus = new MemoryNetwork().join();
  const source = { rule, asked: 0, away: false };
  const rules = new RateLimitRules(bus, DEFAULT, {
    async ruleFor() {
      source.asked += 1;
      const answer = source.rule;
      await new Promise((resolve) => setImmediate(resolve));
      if (source.away) throw new Error('no responders');
      return answer;
    },
  });
  rules.onModuleInit();
  return { bus, source, rules, ruleOf: (id: number) => rules.ruleFor({ id }, PATH) };
}

describe('RateLimitRules', () => {
  let warn: ReturnType<typeof jest.spyOn>;

  beforeEach(() => {
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it("takes the rule of the user's tier, and asks for it once", async () => {
    const { ruleOf, source } = setup();

    const rules = await Promise.all([ruleOf(1), ruleOf(1), ruleOf(1)]);
    await ruleOf(1);

    expect(rules[0]).toEqual({ limit: 3, period: 60 });
    expect(source.asked).toBe(1);
    expect(warn).not.toHaveBeenCalled();
  });

  it('takes the default for a caller without a token, and asks nobody', async () => {
    const { rules, source } = setup();

    expect(await rules.ruleFor(undefined, PATH)).toEqual(DEFAULT);
    expect(source.asked).toBe(0);
  });

  it('takes the default for a user without a rule, and warns once', async () => {
    const { ruleOf } = setup(null);

    expect([await ruleOf(1), await ruleOf(1)]).toEqual([DEFAULT, DEFAULT]);

    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('takes the default while the source is away, and asks again', async () => {
    const { ruleOf, source } = setup();
    source.away = true;
    expect(await ruleOf(1)).toEqual(DEFAULT);

    source.away = false;

    expect(await ruleOf(1)).toEqual({ limit: 3, period: 60 });
  });

  it.each([
    ['of the user', { userId: 1 }],
    ['of everybody', {}],
  ])('follows a change %s on the next call', async (_, message) => {
    const { bus, ruleOf, source } = setup();
    await ruleOf(1);

    source.rule = { limit: 5, period: 60 };
    await bus.broadcast(RATE_LIMITS_TOPIC, message);

    expect(await ruleOf(1)).toEqual({ limit: 5, period: 60 });
  });

  it('leaves other users alone when one changes', async () => {
    const { bus, ruleOf, source } = setup();
    await ruleOf(2);

    await bus.broadcast(RATE_LIMITS_TOPIC, { userId: 1 });
    await ruleOf(2);

    expect(source.asked).toBe(1);
  });

  it('does not keep an answer that was under way when the rule changed', async () => {
    const { bus, ruleOf, source } = setup();
    const early = ruleOf(1);

    source.rule = { limit: 5, period: 60 };
    await bus.broadcast(RATE_LIMITS_TOPIC, { userId: 1 });
    await early;

    expect(await ruleOf(1)).toEqual({ limit: 5, period: 60 });
  });

  it('asks each time while the bus is not trusted', async () => {
    const { bus, ruleOf, source } = setup();
    await ruleOf(1);
    bus.disconnect();

    await ruleOf(1);
    await bus.reconnect();
    await ruleOf(1);

    expect(source.asked).toBe(3);
  });
});
