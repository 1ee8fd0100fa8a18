import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { isEmail } from 'class-validator';
import type { FieldOptions } from './field.js';
import { StringField } from './string.fields.js';

/** The form in which email addresses are stored, and logins are compared: without blanks around it, in lower case. */
export function normalizeLogin(login: string): string {
  return login.trim().toLowerCase();
}

/** Converts a text with `normalizeLogin`. */
export function NormalizedLogin(): PropertyDecorator {
  return Transform(({ value }) => (typeof value === 'string' ? normalizeLogin(value) : value));
}

/** Validates an email address, and normalizes it, so that an address cannot sign up twice. */
export function EmailField(options: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    NormalizedLogin(),
    StringField({
      max: 254,
      format: 'email',
      example: 'user.userson@example.com',
      rules: [{ code: 'value_error', msg: 'Value is not a valid email address', holds: isAddress }],
      ...options,
    }),
  );
}

/** A quoted local part (`"a b"@example.com`) is valid by RFC 5322, but mail servers and clients do not support it. */
function isAddress(value: string): boolean {
  return isEmail(value) && !value.startsWith('"');
}
