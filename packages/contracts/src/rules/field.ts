import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';

/** The error codes of a field, the most telling first: of several that fail, a client is told the first. */
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

/** The code of what is wrong with a field. */
export type FieldErrorCode = (typeof ERROR_CODE_PRIORITY)[number];

/** One thing that a value must satisfy, with the code and the text of the error when it does not. */
export interface Rule<T> {
  code: FieldErrorCode;
  msg: string;
  holds: (value: T) => boolean;
}

/** The type of a field: a rule of its own, the gate to the other rules, and a schema for the documentation. */
export interface Kind<T> extends Omit<Rule<T>, 'holds'> {
  is: (value: unknown) => value is T;
  schema: ApiPropertyOptions;
}

/** What every kind of field may say of itself. */
export interface FieldOptions {
  /** The field may be left out. */
  optional?: boolean;
  /** The field may be an explicit null. */
  nullable?: boolean;
  example?: unknown;
  description?: string;
}

/** A decorator that checks a property and documents it, so that the two cannot drift apart. */
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

/** A constraint under the name of its error code: it is how the code reaches the problem document. */
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
