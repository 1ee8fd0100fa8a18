import { describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import {
  CreateRateLimitDto,
  CreateUserDto,
  ListUsersQuery,
  ObjectField,
  StringField,
  UpdateUserDto,
} from '@repo/contracts';
import { plainToInstance } from 'class-transformer';
import { Max, registerDecorator, validateSync } from 'class-validator';
import { CompiledRules } from './compiled-rules.js';

class Street {
  @StringField({ min: 2 })
  name: string;
}

class Address {
  @ObjectField(() => Street, { nullable: true })
  street: Street | null;
}

const VALID: [Type<object>, Record<string, unknown>][] = [
  [CreateRateLimitDto, { path: '/api/v1/tasks/task', limit: 5, period: 60, name: 'tasks' }],
  [UpdateUserDto, { name: 'Another', profile_image_url: 'https://example.com/a.png' }],
  [CreateUserDto, { name: 'Ada', username: 'ada', email: 'ada@example.com', password: 'engine-of-analysis' }],
  [ListUsersQuery, { page: '2', items_per_page: '5', id__in: '1,2', sort: '-id' }],
  [Address, { street: { name: 'High Street' } }],
];
const VALUES = [
  undefined,
  null,
  '',
  'a',
  'a\0',
  '\ud800',
  'A'.repeat(300),
  '7',
  '0',
  '-1',
  '1,x',
  7,
  0.5,
  -1,
  true,
  {},
  [],
  ['1'],
  { name: 'x' },
];

const OPTIONS = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: false,
  stopAtFirstError: true,
};
const expected = (object: object) => validateSync(object, OPTIONS).length === 0;

describe('CompiledRules', () => {
  it.each(VALID)('decides about %p as class-validator does, for each value of each field', (type, valid) => {
    expect(CompiledRules.of(type).satisfiedBy(plainToInstance(type, valid))).toBe(true);

    for (const field of [...Object.keys(valid), 'cursor', 'other'])
      for (const value of VALUES) {
        const object = plainToInstance(type, { ...valid, [field]: value });
        const satisfied = CompiledRules.of(type).satisfiedBy(object);
        expect({ field, value, satisfied }).toEqual({ field, value, satisfied: expected(object) });
      }
  });

  it('leaves rules of other kinds to class-validator', () => {
    class WithGroups {
      @Max(5, { groups: ['some'] })
      group: number;
    }
    class Asynchronous {
      unique: string;
    }
    registerDecorator({
      target: Asynchronous,
      propertyName: 'unique',
      validator: { validate: async () => true },
    });

    expect(CompiledRules.of(WithGroups).satisfiedBy(plainToInstance(WithGroups, { group: 1 }))).toBe(false);
    expect(CompiledRules.of(Asynchronous).satisfiedBy(plainToInstance(Asynchronous, { unique: 'a' }))).toBe(
      false,
    );
  });
});
