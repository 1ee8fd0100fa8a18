import { isCommonPassword } from './common-passwords.js';
import type { FieldOptions } from './field.js';
import { atLeast, atMost, StringField } from './string.fields.js';

const nfkc = (value: string) => value.normalize('NFKC');

/** Validates a new password in NFKC, the form that is hashed. The value is not changed. */
export function PasswordField(options: FieldOptions = {}): PropertyDecorator {
  const isUncommon = (value: string) => !isCommonPassword(nfkc(value));
  return StringField({
    format: 'password',
    example: 'correct-horse-battery',
    rules: [
      atLeast(8, nfkc),
      atMost(128, nfkc),
      { code: 'value_error', msg: 'Password is one of the most common', holds: isUncommon },
    ],
    ...options,
  });
}

/** Validates a password that is only compared with a stored one, which may be older than the current rules. */
export function SecretField(options: FieldOptions = {}): PropertyDecorator {
  return StringField({ max: 1024, format: 'password', ...options });
}
