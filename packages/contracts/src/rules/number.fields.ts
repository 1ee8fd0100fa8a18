import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { field, type FieldOptions, type Kind, type Rule } from './field.js';

/** The range of PostgreSQL's `integer`, which is the type of all ids and counts. */
export const INT4 = { min: -2_147_483_648, max: 2_147_483_647 } as const;

export interface IntFieldOptions extends FieldOptions {
  /** Limits; by default those of int4. */
  min?: number;
  max?: number;
}

/** Validates an integer in a JSON body or a message: a number, not a string of digits. */
export function IntField(options: IntFieldOptions = {}): PropertyDecorator {
  const { min = INT4.min, max = INT4.max, ...rest } = options;
  const kind = integer('int_type', 'Input should be a valid integer', { minimum: min, maximum: max });
  return field(kind, [whole, atLeast(min), atMost(max)], rest);
}

/**
 * Validates an integer in a path or a query: decimal digits. With `default` the field is optional; the property needs the
 * same initial value.
 */
export function QueryIntField(options: IntFieldOptions & { default?: number } = {}): PropertyDecorator {
  const { min = INT4.min, max = INT4.max, default: standard, ...rest } = options;
  const kind = queryIntKind({ minimum: min, maximum: max, default: standard });
  return applyDecorators(
    Transform(({ value }) => parseInt4(value)),
    field(kind, [atLeast(min), atMost(max)], { optional: standard !== undefined, ...rest }),
  );
}

export function queryIntKind(schema: object): Kind<number> {
  return integer('int_parsing', 'Input should be a valid integer, in plain decimal digits', schema);
}

function integer(code: 'int_type' | 'int_parsing', msg: string, schema: object): Kind<number> {
  return { code, msg, is: (value) => typeof value === 'number', schema: { type: 'integer', ...schema } };
}

/** @returns the int4 of a string of digits; any other value unchanged */
export function parseInt4(value: unknown): unknown {
  if (typeof value !== 'string' || !/^-?\d{1,10}$/.test(value)) return value;
  const number = Number(value);
  return number >= INT4.min && number <= INT4.max ? number : value;
}

const whole: Rule<number> = {
  code: 'int_from_float',
  msg: 'Input should be a valid integer, got a number with a fractional part',
  // A number beyond the range of doubles is read as infinite: it breaks the limits.
  holds: (value) => Number.isInteger(value) || !Number.isFinite(value),
};

const atLeast = (min: number): Rule<number> => ({
  code: 'greater_than_equal',
  msg: `Input should be greater than or equal to ${min}`,
  holds: (value) => value >= min,
});

const atMost = (max: number): Rule<number> => ({
  code: 'less_than_equal',
  msg: `Input should be less than or equal to ${max}`,
  holds: (value) => value <= max,
});
