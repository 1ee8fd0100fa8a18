import { describe, expect, it } from '@jest/globals';
import { LocalLevel } from './local-level.js';
import { TagVersions } from './tag-versions.js';

function setup(limits = { maxEntries: 3, maxBytes: 10_000 }) {
  const versions = new TagVersions();
  const level = new LocalLevel(versions, limits);
  const cache = (key: string, tags: string[] = [], size = 1) =>
    level.set(key, { bytes: Buffer.alloc(size) }, tags, 60_000);
  return { versions, level, cache };
}

describe('LocalLevel', () => {
  it('drops the least recently used entry when it has too many', () => {
    const { level, cache } = setup();
    for (const key of ['a', 'b', 'c']) cache(key);
    level.get('a');

    cache('d');

    expect(['a', 'b', 'c', 'd'].filter((key) => level.get(key))).toEqual(['a', 'c', 'd']);
  });

  it('drops entries when they are too large together', () => {
    const { level, cache } = setup();
    cache('a', [], 6_000);

    cache('b', [], 6_000);

    expect(level.get('a')).toBeUndefined();
    expect(level.get('b')).toBeDefined();
  });

  it('has versions only for the tags of its entries', () => {
    const { versions, cache, level } = setup();
    for (let index = 0; index < 100; index++) cache(`key-${index}`, [`tag-${index}`, 'common']);

    expect(level.size).toBe(3);
    expect(versions.size).toBe(4);
  });

  it('deletes an entry that is stale, and the versions of its tags', () => {
    const { versions, cache, level } = setup();
    cache('a', ['one', 'two']);

    versions.invalidate('one');

    expect(level.get('a')).toBeUndefined();
    expect([level.size, versions.size]).toEqual([0, 0]);
  });

  it('keeps the new version of a tag when an entry with a stale version is deleted', () => {
    const { versions, cache, level } = setup();
    cache('old', ['tag']);
    versions.invalidate('tag');
    cache('new', ['tag']);

    expect(level.get('old')).toBeUndefined();
    expect(level.get('new')).toBeDefined();
    expect(versions.size).toBe(1);
  });
});
