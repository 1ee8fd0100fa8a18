import { describe, expect, it } from '@jest/globals';
import { BoundedMap } from './bounded-map.js';

describe('BoundedMap', () => {
  it('forgets the oldest entry that was not used', () => {
    const map = new BoundedMap<string, number>({ maxEntries: 3 });
    for (const key of ['a', 'b', 'c']) map.set(key, 1);
    map.get('a');

    map.set('d', 1);

    expect(['a', 'b', 'c', 'd'].filter((key) => map.get(key))).toEqual(['a', 'c', 'd']);
  });

  it('forgets something even when everything was used', () => {
    const map = new BoundedMap<string, number>({ maxEntries: 2 });
    for (const key of ['a', 'b']) map.set(key, 1);
    for (const key of ['a', 'b']) map.get(key);

    map.set('c', 1);

    expect(map.size).toBe(2);
    expect(map.get('c')).toBe(1);
  });

  it('stays within its weight, also when an entry grows', () => {
    const map = new BoundedMap<string, number>({ maxEntries: 10, maxWeight: 10 });
    map.set('a', 1, 5);
    map.set('b', 1, 5);

    map.set('b', 1, 6);

    expect([map.get('a'), map.get('b')]).toEqual([undefined, 1]);
    map.set('c', 1, 11);
    expect([map.get('b'), map.get('c')]).toEqual([1, undefined]);
    map.set('b', 1, 11);
    expect(map.size).toBe(0);
  });

  it('tells of each value that it lets go, once', () => {
    const dropped: string[] = [];
    const map = new BoundedMap<string, string>({ maxEntries: 2 }, (value) => dropped.push(value));

    map.set('a', 'a1');
    map.set('a', 'a2');
    map.set('b', 'b1');
    map.set('c', 'c1');
    map.delete('b');
    map.clear();

    expect(dropped).toEqual(['a1', 'b1', 'a2', 'c1']);
  });

  it('finds a hot key among many as fast as alone', () => {
    const lookUp = (others: number) => {
      const map = new BoundedMap<string, number>({ maxEntries: 20_000 });
      for (let index = 0; index < others; index++) map.set(`key-${index}`, 1);
      map.set('hot', 1);
      const startedAt = performance.now();
      for (let call = 0; call < 50_000; call++) map.get('hot');
      return performance.now() - startedAt;
    };

    expect(lookUp(10_000)).toBeLessThan(10 * lookUp(0) + 50);
  });
});
