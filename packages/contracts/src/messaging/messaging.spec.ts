import { describe, expect, it } from '@jest/globals';
import { failures } from '../testing/failures.js';
import { GetRateLimitRule, GetUser, ListRevocations, VerifyCredentials } from './index.js';

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
