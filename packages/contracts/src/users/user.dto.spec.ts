import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { RESERVED_USERNAMES } from '../rules/index.js';
import { failures, parsed } from '../testing/failures.js';
import { CreateUserDto, UpdateUserDto, UpdateUserTierDto, UsernameParam } from './user.dto.js';

const good = {
  name: 'User Userson',
  username: 'userson',
  email: 'user.userson@example.com',
  password: 'Str1ngst!',
};
const create = (fields: object) => failures(CreateUserDto, { ...good, ...fields });

describe('CreateUserDto', () => {
  it('accepts a valid user', () => {
    expect(create({})).toEqual({});
  });

  it('rejects every missing field', () => {
    expect(failures(CreateUserDto, {})).toEqual({
      name: 'missing',
      username: 'missing',
      email: 'missing',
      password: 'missing',
    });
  });

  it('rejects unknown fields', () => {
    expect(create({ is_superuser: true })).toEqual({ is_superuser: 'extra_forbidden' });
  });

  it.each([null, 7, true, ['a'], {}])('rejects %p in place of text', (value) => {
    expect(create({ name: value, username: value, email: value, password: value })).toEqual({
      name: 'string_type',
      username: 'string_type',
      email: 'string_type',
      password: 'string_type',
    });
  });

  describe('name', () => {
    it.each(['ab', 'x'.repeat(30), '🙂🙂', '🙂'.repeat(30), 'Zoë  Ö.', ' a'])('accepts %p', (name) => {
      expect(create({ name })).toEqual({});
    });

    it.each([
      ['', 'string_too_short'],
      ['a', 'string_too_short'],
      ['🙂', 'string_too_short'],
      ['x'.repeat(31), 'string_too_long'],
      ['🙂'.repeat(31), 'string_too_long'],
      ['    ', 'string_pattern_mismatch'],
      ['\u00a0\u2003', 'string_pattern_mismatch'],
      ['a\0b', 'value_error'],
      ['ab\ud800', 'value_error'],
      ['\udc00ab', 'value_error'],
    ])('rejects %j with %s', (name, code) => {
      expect(create({ name })).toEqual({ name: code });
    });
  });

  describe('username', () => {
    it.each(['ab', 'a1', '007', 'x'.repeat(20)])('accepts %p', (username) => {
      expect(create({ username })).toEqual({});
    });

    it.each([
      ['a', 'string_too_short'],
      ['x'.repeat(21), 'string_too_long'],
      ['User', 'string_pattern_mismatch'],
      ['us er', 'string_pattern_mismatch'],
      ['user\n', 'string_pattern_mismatch'],
      ['üser', 'string_pattern_mismatch'],
      ['../x', 'string_pattern_mismatch'],
      ['us\0er', 'string_pattern_mismatch'],
    ])('rejects %j with %s', (username, code) => {
      expect(create({ username })).toEqual({ username: code });
    });

    it.each([...RESERVED_USERNAMES])('rejects the reserved username %p', (username) => {
      expect(create({ username })).toEqual({ username: 'value_error' });
    });

    it('rejects the first path segments of the API', () => {
      const document = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));
      const segments = Object.keys(document.paths).map((path) => path.split('/')[3] ?? '');

      expect(segments).toContain('login');
      for (const segment of segments.filter((name) => /^[a-z0-9]+$/.test(name))) {
        expect([segment, RESERVED_USERNAMES.has(segment)]).toEqual([segment, true]);
      }
    });
  });

  describe('email', () => {
    it('is trimmed and converted to lower case', () => {
      const email = ' User.Userson@Example.COM\n';

      expect(create({ email })).toEqual({});
      expect(parsed(CreateUserDto, { email }).email).toBe('user.userson@example.com');
    });

    it.each([
      '',
      'ada',
      'a@b',
      'a@@example.com',
      'User <user@example.com>',
      'user@example.com, other@example.com',
      'us er@example.com',
      '"user"@example.com',
      '"us er"@example.com',
      'us\0er@example.com',
      'half\ud800@example.com',
      'ab\ud800cdefg',
    ])('rejects %j', (email) => {
      expect(create({ email })).toEqual({ email: 'value_error' });
    });

    it('has at most 254 characters', () => {
      const ofLength = (length: number) => {
        const domain = `${`${'d'.repeat(60)}.`.repeat(3)}${'e'.repeat(length - 252)}.com`;
        return `${'a'.repeat(64)}@${domain}`;
      };

      expect(ofLength(254)).toHaveLength(254);
      expect(create({ email: ofLength(254) })).toEqual({});
      expect(create({ email: ofLength(255) })).toEqual({ email: 'string_too_long' });
    });
  });

  describe('password', () => {
    it.each(['Str1ngst!', 'correct horse', '🙂'.repeat(8), 'x'.repeat(128), '        '])(
      'accepts %p',
      (password) => {
        expect(create({ password })).toEqual({});
      },
    );

    it.each([
      ['', 'string_too_short'],
      ['Short1!', 'string_too_short'],
      ['🙂'.repeat(7), 'string_too_short'],
      ['x'.repeat(129), 'string_too_long'],
      ['password', 'value_error'],
      ['PassWord123', 'value_error'],
      ['12345678', 'value_error'],
      ['1q2w3e4r', 'value_error'],
      ['ｐａｓｓｗｏｒｄ', 'value_error'],
      ['long enough\0', 'value_error'],
    ])('rejects %j with %s', (password, code) => {
      expect(create({ password })).toEqual({ password: code });
    });

    it('is measured in NFKC', () => {
      expect(create({ password: 'e\u0301'.repeat(7) })).toEqual({ password: 'string_too_short' });
      expect(create({ password: 'e\u0301'.repeat(128) })).toEqual({});
      expect(create({ password: '\ufb03ngerb' })).toEqual({});
    });

    it('is not changed', () => {
      expect(parsed(CreateUserDto, { password: ' Ｓtr1ngst! ' }).password).toBe(' Ｓtr1ngst! ');
    });
  });
});

describe('UpdateUserDto', () => {
  it('accepts any fields of a user, and none', () => {
    expect(failures(UpdateUserDto, {})).toEqual({});
    expect(failures(UpdateUserDto, { name: 'Other Name' })).toEqual({});
    expect(failures(UpdateUserDto, { email: 'other@example.com', username: 'other' })).toEqual({});
  });

  it('does not add missing fields', () => {
    expect(Object.keys(parsed(UpdateUserDto, { name: 'Other Name' }))).toEqual(['name']);
  });

  it('rejects null in every field', () => {
    const nulls = { name: null, username: null, email: null, profile_image_url: null };

    expect(failures(UpdateUserDto, nulls)).toEqual({
      name: 'string_type',
      username: 'string_type',
      email: 'string_type',
      profile_image_url: 'string_type',
    });
  });

  it('rejects fields that only other routes change', () => {
    expect(failures(UpdateUserDto, { password: 'Str1ngst!', tier_id: 1 })).toEqual({
      password: 'extra_forbidden',
      tier_id: 'extra_forbidden',
    });
  });
});

describe('UpdateUserTierDto', () => {
  it.each([1, 2_147_483_647])('accepts %p', (tier_id) => {
    expect(failures(UpdateUserTierDto, { tier_id })).toEqual({});
  });

  it.each([
    [undefined, 'missing'],
    [null, 'int_type'],
    ['1', 'int_type'],
    [true, 'int_type'],
    [1.5, 'int_from_float'],
    [2_147_483_648, 'less_than_equal'],
    [-2_147_483_649, 'greater_than_equal'],
    [1e300, 'less_than_equal'],
    [Infinity, 'less_than_equal'],
    [-Infinity, 'greater_than_equal'],
  ])('rejects %p with %s', (tier_id, code) => {
    expect(failures(UpdateUserTierDto, { tier_id })).toEqual({ tier_id: code });
  });
});

describe('UsernameParam', () => {
  it('accepts any text', () => {
    expect(failures(UsernameParam, { username: 'admin' })).toEqual({});
    expect(failures(UsernameParam, { username: 'Not a username' })).toEqual({});
  });

  it('rejects a NUL character', () => {
    expect(failures(UsernameParam, { username: 'a\0' })).toEqual({ username: 'value_error' });
  });
});
