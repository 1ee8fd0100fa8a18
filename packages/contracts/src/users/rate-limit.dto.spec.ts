import { describe, expect, it } from '@jest/globals';
import { failures, parsed } from '../testing/failures.js';
import { CreateRateLimitDto, RateLimitParam, UpdateRateLimitDto } from './rate-limit.dto.js';

const good = { path: 'api/v1/tasks/task', limit: 5, period: 3600 };
const create = (fields: object) => failures(CreateRateLimitDto, { ...good, ...fields });

describe('CreateRateLimitDto', () => {
  it('accepts a limit with and without a name', () => {
    expect(create({})).toEqual({});
    expect(create({ name: 'tasks' })).toEqual({});
    expect(create({ name: null })).toEqual({});
  });

  it.each([
    ['api/v1/tasks/task', 'api_v1_tasks_task'],
    ['//api/v1/tasks/task/', 'api_v1_tasks_task'],
    ['api/v1/user/{username}', 'api_v1_user_{username}'],
    ['api_v1_tasks_task', 'api_v1_tasks_task'],
  ])('converts the path %p to %p', (path, stored) => {
    expect(parsed(CreateRateLimitDto, { ...good, path }).path).toBe(stored);
  });

  it.each([
    [undefined, 'missing'],
    [7, 'string_type'],
    ['', 'string_too_short'],
    ['///', 'string_too_short'],
    ['x'.repeat(201), 'string_too_long'],
  ])('rejects the path %p with %s', (path, code) => {
    expect(create({ path })).toEqual({ path: code });
  });

  it.each([
    [0, 'greater_than_equal'],
    [-1, 'greater_than_equal'],
    [1.5, 'int_from_float'],
    ['5', 'int_type'],
    [null, 'int_type'],
    [2_147_483_648, 'less_than_equal'],
  ])('rejects the limit and period %p with %s', (value, code) => {
    expect(create({ limit: value, period: value })).toEqual({ limit: code, period: code });
  });
});

describe('UpdateRateLimitDto', () => {
  it('accepts no fields, and rejects null in every field', () => {
    const nulls = { path: null, limit: null, period: null, name: null };

    expect(failures(UpdateRateLimitDto, {})).toEqual({});
    expect(failures(UpdateRateLimitDto, nulls)).toEqual({
      path: 'string_type',
      limit: 'int_type',
      period: 'int_type',
      name: 'string_type',
    });
  });
});

describe('RateLimitParam', () => {
  it('converts the id to a number', () => {
    expect(parsed(RateLimitParam, { tier_name: 'free', id: '12' }).id).toBe(12);
  });
});
