import { beforeEach, describe, expect, it } from '@jest/globals';
import { type MemoryBus, MemoryNetwork } from '@repo/testing';
import { BannedWords } from './banned-words.js';

let stored: Set<string>;
let loads: number;
let buses: MemoryBus[];
let here: BannedWords;
let there: BannedWords;

describe('BannedWords', () => {
  beforeEach(() => {
    stored = new Set(['darn']);
    loads = 0;
    const network = new MemoryNetwork();
    buses = [network.join(), network.join()];
    [here, there] = buses.map((bus) => {
      const words = new BannedWords(bus, async () => (loads++, new Set(stored)));
      words.onModuleInit();
      return words;
    }) as [BannedWords, BannedWords];
  });

  it('loads the words once', async () => {
    expect([await here.has('darn'), await here.has('kind')]).toEqual([true, false]);
    expect(loads).toBe(1);
  });

  it('uses the new words on every replica after a broadcast', async () => {
    await there.has('drat');
    stored.add('drat');
    await here.changed();

    expect(await there.has('drat')).toBe(true);
  });

  it('loads the words each time while the lease is not valid', async () => {
    await there.has('drat');
    buses[1]!.disconnect();
    stored.add('drat');
    await here.changed();

    expect(await there.has('drat')).toBe(true);
  });
});
