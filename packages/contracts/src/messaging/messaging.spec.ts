import { describe, expect, it } from '@jest/globals';
import { failures } from '../testing/failures.js';
import { aggregateIdOf, GetRateLimitRule, GetUser, ListRevocations, VerifyCredentials } from './index.js';

describe('requests between services', () => {
  it('accept valid messages', () => {
    expect(failures(GetUser, { id: 1 })).toEqual({});
    expect(failures(VerifyCredentials, { login: 'userson', password: 'x' })).toEqual({});
    expect(failures(GetRateLimitRule, { userId: 1, path: 'api_v1_tasks_task' })).toEqual({});
    expect(failures(ListRevocations, { cursor: null })).toEqual({});
  });

  it('reject invalid messages', () => {
    expect(failures(GetUser, { id: '1' })).toEqual({ id: 'int_type' });
    expect(failures(ListRevocations, {})).toEqual({ cursor: 'missing' });
  });
});

describe('aggregateIdOf', () => {
  it('returns the id of the payload', () => {
    const user = { id: 7, username: 'ann', isSuperuser: false, tierId: null, deleted: false, version: 1 };

    expect(aggregateIdOf('user.created', user)).toBe('7');
  });

  it('returns the first field that ends in Id when the payload has no id', () => {
    expect(aggregateIdOf('user.password-changed', { userId: 3, keepSessionId: 'a' })).toBe('3');
  });

  it('throws when the id is missing', () => {
    expect(() => aggregateIdOf('user.created', { username: 'ann' } as never)).toThrow('has no id');
  });
});
