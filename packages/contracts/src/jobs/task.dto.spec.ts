import { describe, expect, it } from '@jest/globals';
import { failures } from '../testing/failures.js';
import { UuidParam } from '../common/uuid.param.js';
import { CreateTaskQuery } from './task.dto.js';

describe('CreateTaskQuery', () => {
  it.each(['', 'hello', '🙂'.repeat(10_000)])('accepts the message %p', (message) => {
    expect(failures(CreateTaskQuery, { message })).toEqual({});
  });

  it.each([
    [undefined, 'missing'],
    [['a', 'b'], 'string_type'],
    ['🙂'.repeat(10_001), 'string_too_long'],
    ['a\0', 'value_error'],
  ])('rejects %p with %s', (message, code) => {
    expect(failures(CreateTaskQuery, { message })).toEqual({ message: code });
  });
});

describe('UuidParam', () => {
  it('accepts any id', () => {
    expect(failures(UuidParam, { id: 'not-a-uuid' })).toEqual({});
  });
});
