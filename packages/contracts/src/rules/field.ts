import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';

/** A condition on a value, with the code and the text of its error. */
export interface Rule<T> {
  code: string;
  msg: string;
  holds: (value: T) => boolean;
}

/** The type of a field, with its schema for the API document. */
export interface Kind<T> extends Omit<Rule<T>, 'holds'> {
  is: (value: unknown) => value is T;
  schema: ApiPropertyOptions;
}

export interface FieldOptions {
  optional?: boolean;
  nullable?: boolean;
  example?: unknown;
  description?: string;
}

/**
 * Creates a decorator that validates a property and documents it. Rules are checked in their order after the type, up to
 * the first error.
 */
export function field<T>(
  kind: Kind<T>,
  rules: Rule<T>[],
  { optional = false, nullable = false, ...documentation }: FieldOptions = {},
): PropertyDecorator {
  const absent = (value: unknown) => value === undefined || (nullable && value === null);
  return applyDecorators(
    ApiProperty({
      ...kind.schema,
      ...documentation,
      required: !optional,
      ...(nullable && { nullable }),
    } as ApiPropertyOptions),
    check('missing', 'Field required', (value) => optional || value !== undefined),
    check(kind.code, kind.msg, (value) => absent(value) || kind.is(value)),
    ...rules.map(({ code, msg, holds }) => check(code, msg, (value) => absent(value) || holds(value as T))),
  );
}

/** Creates a validator whose name is the error code, which the problem document contains. */
export function check(
  code: string,
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
