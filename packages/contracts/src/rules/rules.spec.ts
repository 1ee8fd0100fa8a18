import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import { failures, parsed } from '../testing/failures.js';
import { isCommonPassword } from './common-passwords.js';
import { BooleanField, isUuid, ObjectField, StringField } from './index.js';

class Line {
  @StringField({ min: 1 })
  text: string;
}

class Letter {
  @ObjectField(() => Line)
  head: Line;

  @BooleanField({ optional: true })
  sent?: boolean;
}

describe('ObjectField', () => {
  it('accepts valid fields inside', () => {
    const letter = { head: { text: 'Dear' }, sent: true };

    expect(failures(Letter, letter)).toEqual({});
    expect(parsed(Letter, letter).head).toBeInstanceOf(Line);
  });

  it('names the invalid field inside', () => {
    expect(failures(Letter, { head: {} })).toEqual({ 'head.text': 'missing' });
    expect(failures(Letter, { head: { text: 'Dear', more: 1 } })).toEqual({ 'head.more': 'extra_forbidden' });
  });

  it.each([
    [{ head: 'x' }, { head: 'model_type' }],
    [{ head: null }, { head: 'model_type' }],
    [{}, { head: 'missing' }],
    [{ head: { text: 'x' }, sent: 'true' }, { sent: 'bool_type' }],
  ])('rejects %j', (input, codes) => {
    expect(failures(Letter, input)).toEqual(codes);
  });
});

describe('the message of an error', () => {
  it('states the rule', () => {
    const line = Object.assign(new Line(), { text: '' });

    expect(validateSync(line)[0]?.constraints).toEqual({
      string_too_short: 'String should have at least 1 character',
    });
  });
});

describe('isCommonPassword', () => {
  it.each(
    `password 12345678 123456789 1234567890 qwertyuiop 1q2w3e4r 1qaz2wsx sunshine princess football baseball superman
    trustno1 iloveyou whatever starwars computer jennifer michelle corvette mercedes maverick midnight danielle
    elizabeth butterfly chocolate liverpool asdfghjkl qazwsxedc zaq12wsx passw0rd p@ssw0rd password1 password123
    qwerty123 abc12345 abcd1234 a1b2c3d4 1q2w3e4r5t letmein1 welcome1 changeme monkey123 dragon123 11111111 00000000
    88888888 12341234 87654321 123123123 147258369 987654321 11223344 aaaaaaaa q1w2e3r4 adminadmin test1234
    hello123`.match(/\S+/g)!,
  )('returns true for the leaked %s', (password) => {
    expect(isCommonPassword(password)).toBe(true);
  });

  it.each(['Password2026', 'Summer2025!', 'Welcome123!', 'Admin1234', 'Qwerty123!', 'LetMeIn!'])(
    'returns true for %s, a common word with a common ending in any case',
    (password) => {
      expect(isCommonPassword(password)).toBe(true);
    },
  );

  it.each([
    'correct-horse-battery',
    'Str1ngst!',
    'vQ7#kd92LmzP',
    'ein langer Satz mit Leerzeichen',
    'пароль-и-лошадь',
  ])('returns false for %s', (password) => {
    expect(isCommonPassword(password)).toBe(false);
  });
});

describe('isUuid', () => {
  it('returns whether a text is a UUID', () => {
    expect(isUuid('01994f3e-7c1c-7a52-9d0e-3f0f3c1b2a4d')).toBe(true);
    expect(isUuid('01994f3e7c1c7a529d0e3f0f3c1b2a4d')).toBe(false);
    expect(isUuid('meta')).toBe(false);
  });
});
