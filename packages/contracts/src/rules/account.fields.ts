import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { isEmail } from 'class-validator';
import { isCommonPassword } from './common-passwords.js';
import type { FieldOptions } from './field.js';
import { RESERVED_USERNAMES } from './reserved-usernames.js';
import { atLeast, atMost, StringField } from './string.fields.js';

/** Validates an email address, and converts it to lower case, so that an address cannot sign up twice. */
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

/** Validates a new username. It is the first path segment of the user's posts, so names of routes are reserved. */
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

/** Validates a new password in NFKC, the form that is hashed. The value is not changed. */
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

/** Validates a password that is only compared with a stored one, which may be older than the current rules. */
export function SecretField(options: FieldOptions = {}): PropertyDecorator {
  return StringField({ max: 1024, format: 'password', ...options });
}

function nfkc(value: string): string {
  return value.normalize('NFKC');
}
