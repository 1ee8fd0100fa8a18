import { describe, expect, it } from '@jest/globals';
import { nearestOf, similarNames } from './similar-names.js';

const KNOWN = ['ACCESS_TOKEN_EXPIRE_MINUTES', 'POSTGRES_POOL_SIZE', 'HOST', 'TAG'];

describe('similarNames', () => {
  it.each(['ACESS_TOKEN_EXPIRE_MINUTES', 'ACCESS_TOKEN_EXPIRE_MINUTE', 'ACCESS_TOKENS_EXPIRE_MINUTE'])(
    'finds %s',
    (name) => {
      expect(similarNames(['PATH', name], KNOWN)).toEqual([{ name, nearest: 'ACCESS_TOKEN_EXPIRE_MINUTES' }]);
    },
  );

  it.each(['ACCESS_TOKEN_EXPIRE_MINUTES', 'TOKEN_EXPIRE_MINUTES', 'HOME', 'LANG'])(
    'is silent about %s',
    (name) => {
      expect(similarNames([name], KNOWN)).toEqual([]);
    },
  );
});

describe('nearestOf', () => {
  it('returns the name that needs the fewest edits', () => {
    expect(nearestOf('POSTGRES_POOLSIZE', KNOWN)).toBe('POSTGRES_POOL_SIZE');
  });
});
