import { describe, expect, it } from '@jest/globals';
import { failures } from '../testing/failures.js';
import { UuidParam } from './uuid.param.js';

describe('UuidParam', () => {
  it('accepts any id', () => {
    expect(failures(UuidParam, { id: 'not-a-uuid' })).toEqual({});
  });
});
