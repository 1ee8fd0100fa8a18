import { describe, expect, it } from '@jest/globals';
import { TurnBatch } from './turn-batch.js';

describe('TurnBatch', () => {
  it('processes the items of one turn together, and those of the next turn by themselves', async () => {
    const batches: number[][] = [];
    const batch = new TurnBatch<number>(async (items) => void batches.push(items));

    await Promise.all([batch.add(1), batch.add(2)]);
    await batch.add(3);

    expect(batches).toEqual([[1, 2], [3]]);
  });

  it('starts another batch when one is full', async () => {
    const batches: number[][] = [];
    const batch = new TurnBatch<number>(async (items) => void batches.push(items));

    await Promise.all(Array.from({ length: 201 }, (_, item) => batch.add(item)));

    expect(batches.map(({ length }) => length)).toEqual([100, 100, 1]);
  });

  it('rejects for every item of a batch that could not be processed, and continues', async () => {
    let fails = true;
    const batch = new TurnBatch<number>(async () => {
      if (fails) throw new Error('unavailable');
    });

    const results = await Promise.allSettled([batch.add(1), batch.add(2)]);
    fails = false;

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(batch.add(3)).resolves.toBeUndefined();
  });
});
