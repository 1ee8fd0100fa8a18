import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { isEmail } from 'class-validator';
import { isCommonPassword } from './common-passwords.js';
import type { FieldOptions } from './field.js';
import { RESERVED_USERNAMES } from './reserved-usernames.js';
import { atLeast, atMost, StringField } from './string.fields.js';

/** An email address, in lower case from here on, so that two spellings of one address cannot both sign up. */
export function EmailField(options: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => (typeof value === 'string' ? value.toLowerCase() : value)),
    StringField({
      max: 50,
      format: 'email',
      example: 'user.userson@example.com',
      rules: [
        { code: 'value_error', msg: 'Value is not a valid email address', holds: (value) => isEmail(value) },
      ],
      ...options,
    }),
  );
}

/** The name of an account, which is also the first path segment of everything that its owner publishes. */
export function UsernameField(options: FieldOptions = {}): PropertyDecorator {
  return StringField({
    min: 2,
    max: 20,
    pattern: /^[a-z0-9]+$/,
    example: 'userson',
    rules: [
      { code: 'value_error', msg: 'Username is reserved', holds: (value) => !RESERVED_USERNAMES.has(value) },
    ],
    ...options,
  });
}

/** A new password, judged in the form in which it is hashed: NFKC. The value itself stays as it was typed. */
export function PasswordField(options: FieldOptions = {}): PropertyDecorator {
  return StringField({
    format: 'password',
    example: 'correct-horse-battery',
    rules: [
      atLeast(8, nfkc),
      atMost(128, nfkc),
      {
        code: 'value_error',
        msg: 'Password is one of the most common',
        holds: (value) => !isCommonPassword(nfkc(value)),
      },
    ],
    ...options,
  });
}

/** A password that is only compared: its rules were those of the day it was set. */
export function SecretField(options: FieldOptions = {}): PropertyDecorator {
  return StringField({ max: 1024, format: 'password', ...options });
}

function nfkc(value: string): string {
  return value.normalize('NFKC');
}
