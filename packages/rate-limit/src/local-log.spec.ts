import { describe, expect, it } from '@jest/globals';
import { LocalLog } from './local-log.js';

const RULE = { limit: 10, period: 60 };

function setup(limits?: { maxKeys: number; maxCalls: number }) {
  const clock = { now: 0 };
  const log = new LocalLog(() => clock.now, limits);
  const admitted = (calls: number, key = 'ann', rule = RULE) =>
    Array.from({ length: calls }, () => log.admit(key, rule)).filter(({ allowed }) => allowed).length;
  return { clock, log, admitted };
}

describe('LocalLog', () => {
  it('admits no call in any period with ten calls, across the borders of fixed periods', () => {
    const { clock, admitted } = setup();
    clock.now = 59_999;
    expect(admitted(20)).toBe(10);

    clock.now = 60_001;
    expect(admitted(20)).toBe(0);
    clock.now = 119_998;
    expect(admitted(20)).toBe(0);
    clock.now = 119_999;
    expect(admitted(20)).toBe(10);
  });

  it('removes each call a period after it was admitted', () => {
    const { clock, log, admitted } = setup();
    admitted(4);
    clock.now = 30_000;
    admitted(6);

    expect(log.check('ann', RULE)).toMatchObject({
      allowed: false,
      resetSeconds: 30,
      retryAfterSeconds: 30,
    });
    clock.now = 60_000;
    expect(admitted(20)).toBe(4);
  });

  it('counts earlier calls when the period grows', () => {
    const { clock, admitted } = setup();
    admitted(10);
    clock.now = 100_000;

    expect(admitted(20, 'ann', { limit: 12, period: 3_600 })).toBe(2);
  });

  it('removes a cancelled call', () => {
    const { log, admitted } = setup();
    admitted(9);
    const { cancel } = log.admit('ann', RULE);
    expect(admitted(1)).toBe(0);

    cancel();

    expect(admitted(20)).toBe(1);
  });

  it('forgets the least recently used callers above its maximum', () => {
    const { log, admitted } = setup({ maxKeys: 3, maxCalls: 15 });
    for (const key of ['a', 'b', 'c', 'd']) admitted(4, key);

    expect(['a', 'b', 'c', 'd'].map((key) => log.check(key, RULE).remaining)).toEqual([10, 6, 6, 6]);
    admitted(10, 'e');
    expect(['b', 'c', 'd', 'e'].map((key) => log.check(key, RULE).remaining)).toEqual([10, 10, 6, 0]);
  });

  it('limits the memory of one caller', () => {
    const { clock, log } = setup({ maxKeys: 10, maxCalls: 2_500 });
    const rule = { limit: 100, period: 1 };
    for (let call = 0; call < 10_000; call++) {
      clock.now += 10;
      log.admit('ann', rule);
    }

    expect(log.check('ann', rule)).toMatchObject({ allowed: false, remaining: 0 });
  });
});
