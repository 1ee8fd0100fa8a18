import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RateLimitRule } from '@repo/contracts';
import { MemoryNetwork } from '@repo/messaging/testing';
import { RATE_LIMITS_TOPIC, RateLimitRules } from './rate-limit-rules.js';

const DEFAULT = { limit: 10, period: 3_600 };
const PATH = 'api_v1_tasks_task';

function setup(rule: RateLimitRule | null = { limit: 3, period: 60 }) {
  const bus = new MemoryNetwork().join();
  const source = { rule, loads: 0, fails: false };
  const rules = new RateLimitRules(bus, DEFAULT, {
    async ruleFor() {
      source.loads += 1;
      const { rule: loaded } = source;
      await new Promise((resolve) => setImmediate(resolve));
      if (source.fails) throw new Error('no responders');
      return loaded;
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

  it("loads the rule of the user's tier once", async () => {
    const { ruleOf, source } = setup();

    const rules = await Promise.all([ruleOf(1), ruleOf(1), ruleOf(1)]);
    await ruleOf(1);

    expect(rules[0]).toEqual({ limit: 3, period: 60 });
    expect(source.loads).toBe(1);
    expect(warn).not.toHaveBeenCalled();
  });

  it('returns the default without a user, without a load', async () => {
    const { rules, source } = setup();

    expect(await rules.ruleFor(undefined, PATH)).toEqual(DEFAULT);
    expect(source.loads).toBe(0);
  });

  it('returns the default for a user without a rule, and warns once', async () => {
    const { ruleOf } = setup(null);

    expect([await ruleOf(1), await ruleOf(1)]).toEqual([DEFAULT, DEFAULT]);

    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('returns the default while the source fails, and loads again', async () => {
    const { ruleOf, source } = setup();
    source.fails = true;
    expect(await ruleOf(1)).toEqual(DEFAULT);

    source.fails = false;

    expect(await ruleOf(1)).toEqual({ limit: 3, period: 60 });
  });

  it.each([
    ['of the user', { userId: 1 }],
    ['of all users', {}],
  ])('loads again after a change %s', async (_, message) => {
    const { bus, ruleOf, source } = setup();
    await ruleOf(1);

    source.rule = { limit: 5, period: 60 };
    await bus.broadcast(RATE_LIMITS_TOPIC, message);

    expect(await ruleOf(1)).toEqual({ limit: 5, period: 60 });
  });

  it('does not load again after a change of another user', async () => {
    const { bus, ruleOf, source } = setup();
    await ruleOf(2);

    await bus.broadcast(RATE_LIMITS_TOPIC, { userId: 1 });
    await ruleOf(2);

    expect(source.loads).toBe(1);
  });

  it('does not cache a rule whose load began before a change', async () => {
    const { bus, ruleOf, source } = setup();
    const early = ruleOf(1);

    source.rule = { limit: 5, period: 60 };
    await bus.broadcast(RATE_LIMITS_TOPIC, { userId: 1 });
    await early;

    expect(await ruleOf(1)).toEqual({ limit: 5, period: 60 });
  });

  it('loads at each call while the lease is not valid', async () => {
    const { bus, ruleOf, source } = setup();
    await ruleOf(1);
    bus.disconnect();

    await ruleOf(1);
    await bus.reconnect();
    await ruleOf(1);

    expect(source.loads).toBe(3);
  });
});
