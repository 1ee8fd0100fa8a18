import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { field, type FieldOptions, type Kind, type Rule } from './field.js';

/** The range of Postgres' `integer`, which every id and every count lives in. */
export const INT4 = { min: -2_147_483_648, max: 2_147_483_647 } as const;

/** What an integer field may ask for; without limits, what int4 holds. */
export interface IntFieldOptions extends FieldOptions {
  min?: number;
  max?: number;
}

/** What an integer in a path or a query may ask for. */
export interface QueryIntFieldOptions extends IntFieldOptions {
  /** What an absent value means; for the documentation, so give the property the same initial value. */
  default?: number;
}

/** An integer in a JSON body or message: a number, never a string of digits. */
export function IntField({
  min = INT4.min,
  max = INT4.max,
  ...rest
}: IntFieldOptions = {}): PropertyDecorator {
  const kind = integer('int_type', 'Input should be a valid integer', { minimum: min, maximum: max });
  return field(kind, [whole, atLeast(min), atMost(max)], rest);
}

/** An integer in a path or a query, where everything arrives as text: plain decimal digits or nothing. */
export function QueryIntField(options: QueryIntFieldOptions = {}): PropertyDecorator {
  const { min = INT4.min, max = INT4.max, default: standard, ...rest } = options;
  const kind = integer('int_parsing', 'Input should be a valid integer, in plain decimal digits', {
    minimum: min,
    maximum: max,
    ...(standard !== undefined && { default: standard }),
  });
  return applyDecorators(
    Transform(({ value }) => parseInt4(value)),
    field(kind, [whole, atLeast(min), atMost(max)], { optional: standard !== undefined, ...rest }),
  );
}

function integer(code: 'int_type' | 'int_parsing', msg: string, schema: object): Kind<number> {
  return { code, msg, is: (value) => typeof value === 'number', schema: { type: 'integer', ...schema } };
}

/** The number that the digits say; anything else stays as it is, for the rule to refuse. */
export function parseInt4(value: unknown): unknown {
  if (typeof value !== 'string' || !/^-?\d{1,10}$/.test(value)) return value;
  const number = Number(value);
  return number >= INT4.min && number <= INT4.max ? number : value;
}

const whole: Rule<number> = {
  code: 'int_from_float',
  msg: 'Input should be a valid integer, got a number with a fractional part',
  holds: Number.isInteger,
};

function atLeast(min: number): Rule<number> {
  return {
    code: 'greater_than_equal',
    msg: `Input should be greater than or equal to ${min}`,
    holds: (value) => value >= min,
  };
}

function atMost(max: number): Rule<number> {
  return {
    code: 'less_than_equal',
    msg: `Input should be less than or equal to ${max}`,
    holds: (value) => value <= max,
  };
}
