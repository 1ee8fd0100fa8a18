import { describe, expect, it } from '@jest/globals';
import { LocalLevel } from './local-level.js';
import { TagCells } from './tag-cells.js';

function setup(limits = { maxEntries: 3, maxBytes: 10_000 }) {
  const cells = new TagCells();
  const level = new LocalLevel(cells, limits);
  const keep = (key: string, tags: string[] = [], size = 1) =>
    level.set(key, { bytes: Buffer.alloc(size) }, tags, 60_000);
  return { cells, level, keep };
}

describe('LocalLevel', () => {
  it('drops an entry that was not used when it holds too many', () => {
    const { level, keep } = setup();
    for (const key of ['a', 'b', 'c']) keep(key);
    level.get('a');

    keep('d');

    expect(['a', 'b', 'c', 'd'].filter((key) => level.get(key))).toEqual(['a', 'c', 'd']);
  });

  it('drops entries when they weigh too much', () => {
    const { level, keep } = setup();
    keep('a', [], 6_000);

    keep('b', [], 6_000);

    expect(level.get('a')).toBeUndefined();
    expect(level.get('b')).toBeDefined();
  });

  it('keeps no state of a tag that nothing has', () => {
    const { cells, keep, level } = setup();
    for (let index = 0; index < 100; index++) keep(`key-${index}`, [`tag-${index}`, 'common']);

    expect(level.size).toBe(3);
    expect(cells.size).toBe(4);
  });

  it('frees what it finds to be stale', () => {
    const { cells, keep, level } = setup();
    keep('a', ['one', 'two']);

    cells.invalidate('one');

    expect(level.get('a')).toBeUndefined();
    expect([level.size, cells.size]).toEqual([0, 0]);
  });

  it('keeps the state of a tag that was used again while old entries still point to the former', () => {
    const { cells, keep, level } = setup();
    keep('old', ['tag']);
    cells.invalidate('tag');
    keep('new', ['tag']);

    expect(level.get('old')).toBeUndefined();
    expect(level.get('new')).toBeDefined();
    expect(cells.size).toBe(1);
  });
});
