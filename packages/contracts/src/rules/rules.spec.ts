import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import { failures, parsed } from '../testing/failures.js';
import { COMMON_PASSWORDS } from './common-passwords.js';
import { BooleanField, isUuid, ListField, ObjectField, StringField } from './index.js';

class Line {
  @StringField({ min: 1 })
  text: string;
}

class Letter {
  @ObjectField(() => Line)
  head: Line;

  @ListField(() => Line, { max: 2, optional: true })
  lines?: Line[];

  @BooleanField({ optional: true })
  sent?: boolean;
}

describe('ObjectField and ListField', () => {
  it('accept what is inside when it keeps its own rules', () => {
    const letter = { head: { text: 'Dear' }, lines: [{ text: 'a' }, { text: 'b' }], sent: true };

    expect(failures(Letter, letter)).toEqual({});
    expect(parsed(Letter, letter).lines?.[0]).toBeInstanceOf(Line);
  });

  it('name the field inside that is wrong', () => {
    expect(failures(Letter, { head: {}, lines: [{ text: 'a' }, { text: '' }] })).toEqual({
      'head.text': 'missing',
      'lines.1.text': 'string_too_short',
    });
    expect(failures(Letter, { head: { text: 'Dear', more: 1 } })).toEqual({ 'head.more': 'extra_forbidden' });
  });

  it.each([
    [{ head: 'x' }, { head: 'model_type' }],
    [{ head: null }, { head: 'model_type' }],
    [{}, { head: 'missing' }],
    [{ head: { text: 'x' }, lines: 'x' }, { lines: 'list_type' }],
    [{ head: { text: 'x' }, lines: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] }, { lines: 'list_type' }],
    [{ head: { text: 'x' }, sent: 'true' }, { sent: 'bool_type' }],
  ])('refuse %j', (input, codes) => {
    expect(failures(Letter, input)).toEqual(codes);
  });
});

describe('the text of an error', () => {
  it('says what would have been right', () => {
    const line = Object.assign(new Line(), { text: '' });

    expect(validateSync(line)[0]?.constraints).toEqual({
      string_too_short: 'String should have at least 1 character',
    });
  });
});

describe('the most common passwords', () => {
  it('are over a thousand, in the form in which they are compared, and long enough to matter', () => {
    expect(COMMON_PASSWORDS.size).toBeGreaterThan(1000);
    for (const password of COMMON_PASSWORDS) {
      expect(password).toBe(password.normalize('NFKC').toLowerCase());
      expect(password.length).toBeGreaterThanOrEqual(8);
    }
  });
});

describe('isUuid', () => {
  it('tells ids from other text', () => {
    expect(isUuid('01994f3e-7c1c-7a52-9d0e-3f0f3c1b2a4d')).toBe(true);
    expect(isUuid('01994f3e7c1c7a529d0e3f0f3c1b2a4d')).toBe(false);
    expect(isUuid('meta')).toBe(false);
  });
});
