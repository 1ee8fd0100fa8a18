import { describe, expect, it } from '@jest/globals';
import { failures } from '../testing/failures.js';
import { CreateTierDto, UpdateTierDto } from './tier.dto.js';

describe('CreateTierDto', () => {
  it.each(['f', 'free', 'Pro 2-x_y.z', 'x'.repeat(50)])('accepts %p', (name) => {
    expect(failures(CreateTierDto, { name })).toEqual({});
  });

  it.each([
    [undefined, 'missing'],
    [null, 'string_type'],
    [1, 'string_type'],
    ['', 'string_too_short'],
    ['x'.repeat(51), 'string_too_long'],
    ['a/b', 'string_pattern_mismatch'],
    ['free\n', 'string_pattern_mismatch'],
    ['..', 'string_pattern_mismatch'],
    ['   ', 'string_pattern_mismatch'],
    ['🙂', 'string_pattern_mismatch'],
  ])('rejects %j with %s', (name, code) => {
    expect(failures(CreateTierDto, { name })).toEqual({ name: code });
  });
});

describe('UpdateTierDto', () => {
  it('accepts no fields, and rejects null', () => {
    expect(failures(UpdateTierDto, {})).toEqual({});
    expect(failures(UpdateTierDto, { name: null })).toEqual({ name: 'string_type' });
  });
});
