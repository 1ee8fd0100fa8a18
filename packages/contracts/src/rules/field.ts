import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';

/** The error codes of a field. Of several errors a client gets the one that is first in this list. */
export const ERROR_CODE_PRIORITY = [
  'missing',
  'string_type',
  'int_type',
  'int_parsing',
  'int_from_float',
  'bool_type',
  'list_type',
  'model_type',
  'string_too_short',
  'string_too_long',
  'string_pattern_mismatch',
  'value_error',
  'greater_than_equal',
  'less_than_equal',
] as const;

export type FieldErrorCode = (typeof ERROR_CODE_PRIORITY)[number];

/** A condition on a value, with the code and the text of its error. */
export interface Rule<T> {
  code: FieldErrorCode;
  msg: string;
  holds: (value: T) => boolean;
}

/** The type of a field, with its schema for the API document. The rules are checked for values of the type only. */
export interface Kind<T> extends Omit<Rule<T>, 'holds'> {
  is: (value: unknown) => value is T;
  schema: ApiPropertyOptions;
}

/** Options of all fields. */
export interface FieldOptions {
  /** The field may be missing. */
  optional?: boolean;
  /** The field may be null. */
  nullable?: boolean;
  example?: unknown;
  description?: string;
}

/** Creates a decorator that validates a property and documents it. */
export function field<T>(kind: Kind<T>, rules: Rule<T>[], options: FieldOptions = {}): PropertyDecorator {
  const { optional = false, nullable = false, ...documentation } = options;
  const absent = (value: unknown) => value === undefined || (nullable && value === null);

  const presence = check('missing', 'Field required', (value) => optional || value !== undefined);
  const type = check(kind.code, kind.msg, (value) => absent(value) || kind.is(value));
  const others = rules.map(({ code, msg, holds }) =>
    check(code, msg, (value) => absent(value) || !kind.is(value) || holds(value)),
  );

  return applyDecorators(
    ApiProperty({
      ...kind.schema,
      ...documentation,
      required: !optional,
      ...(nullable && { nullable }),
    } as ApiPropertyOptions),
    presence,
    type,
    ...others,
  );
}

/** Creates a validator whose name is the error code, which the problem document contains. */
export function check(
  code: FieldErrorCode,
  msg: string,
  validate: (value: unknown, object: object) => boolean,
): PropertyDecorator {
  return ValidateBy({
    name: code,
    validator: {
      validate: (value, args) => validate(value, args?.object ?? {}),
      defaultMessage: () => msg,
    },
  });
}
