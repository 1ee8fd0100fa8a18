import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { field, type Kind, type Rule } from './field.js';
import { MOMENT, parseMoment } from './moment.field.js';
import { INT4, parseInt4 } from './number.fields.js';
import { atMost, wellFormed } from './string.fields.js';

/** How a column can be compared: `title__ilike`. */
export const FILTER_OPERATORS = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'not_in',
  'like',
  'ilike',
  'is_null',
  'between',
] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** What a filter compares with, for a column of values `V`. */
export interface FilterOperands<V> {
  eq: V;
  ne: V;
  gt: V;
  gte: V;
  lt: V;
  lte: V;
  in: readonly V[];
  not_in: readonly V[];
  like: string;
  ilike: string;
  is_null: boolean;
  between: readonly [V, V];
}

/** What a column that clients can filter by holds, by the name that a list calls it. */
export type FilterType = 'int' | 'text' | 'timestamp' | 'boolean';

const MAX_VALUES = 100;
const MAX_TEXT = 255;
const PATTERN = '`%` stands for any text, `_` for any character, `\\` in front of them for themselves.';
const ORDERED: FilterOperator[] = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'not_in', 'between'];

interface Column<T> {
  kind: Kind<T>;
  /** The value that the text says; anything else comes back as it is, for the kind to refuse. */
  parse: (text: unknown) => unknown;
  rules: Rule<T>[];
  operators: FilterOperator[];
}

const COLUMNS = {
  int: {
    kind: {
      code: 'int_parsing',
      msg: 'Input should be a valid integer, in plain decimal digits',
      is: (value) => typeof value === 'number',
      schema: { type: 'integer', minimum: INT4.min, maximum: INT4.max },
    },
    parse: parseInt4,
    rules: [],
    operators: ORDERED,
  },
  text: {
    kind: {
      code: 'string_type',
      msg: 'Input should be a valid string',
      is: (value) => typeof value === 'string',
      schema: { type: 'string', maxLength: MAX_TEXT },
    },
    parse: (value) => value,
    rules: [wellFormed, atMost(MAX_TEXT)],
    operators: ['eq', 'ne', 'in', 'not_in', 'like', 'ilike'],
  },
  timestamp: {
    kind: MOMENT,
    parse: parseMoment,
    rules: [],
    operators: ORDERED,
  },
  boolean: {
    kind: {
      code: 'bool_type',
      msg: 'Input should be true or false',
      is: (value) => typeof value === 'boolean',
      schema: { type: 'boolean' },
    },
    parse: parseBoolean,
    rules: [],
    operators: ['eq', 'ne'],
  },
} satisfies { int: Column<number>; text: Column<string>; timestamp: Column<Date>; boolean: Column<boolean> };

/** The operators that suit a column. */
export function filterOperators(type: FilterType, nullable: boolean): FilterOperator[] {
  return nullable ? [...COLUMNS[type].operators, 'is_null'] : COLUMNS[type].operators;
}

/** One filter of a list: a query parameter that compares a column of this type. */
export function FilterField(type: FilterType, operator: FilterOperator): PropertyDecorator {
  const column = COLUMNS[type] as unknown as Column<unknown>;
  if (operator === 'in' || operator === 'not_in') return valuesField(column, 1, MAX_VALUES);
  if (operator === 'between') return valuesField(column, 2, 2);
  if (operator === 'is_null') return valueField(COLUMNS.boolean as unknown as Column<unknown>);
  if (operator === 'like' || operator === 'ilike')
    return valueField(column, [completePattern as Rule<unknown>], PATTERN);
  return valueField(column);
}

function valueField(
  { kind, parse, rules }: Column<unknown>,
  more: Rule<unknown>[] = [],
  description?: string,
): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => parse(value)),
    field(kind, [...rules, ...more], { optional: true, description }),
  );
}

/** Several values: parted by commas, or the parameter sent several times. */
function valuesField({ kind, parse, rules }: Column<unknown>, min: number, max: number): PropertyDecorator {
  const count = min === max ? `${min} values` : `${min} to ${max} values`;
  const list: Kind<unknown[]> = {
    code: kind.code,
    msg: `${count}, parted by commas. Of each: ${kind.msg}`,
    is: (value): value is unknown[] =>
      Array.isArray(value) && value.length >= min && value.length <= max && value.every(kind.is),
    schema: {
      type: 'array',
      items: kind.schema as object,
      minItems: min,
      maxItems: max,
    } as Kind<unknown>['schema'],
  };
  const each = rules.map((rule) => ({ ...rule, holds: (values: unknown[]) => values.every(rule.holds) }));
  return applyDecorators(
    Transform(({ value }) => parseList(value, parse)),
    field(list, each, { optional: true, description: 'Parted by commas, or sent several times.' }),
  );
}

function parseList(value: unknown, parse: (text: unknown) => unknown): unknown {
  const texts: unknown = typeof value === 'string' ? value.split(',') : value;
  return Array.isArray(texts) ? texts.map(parse) : texts;
}

function parseBoolean(value: unknown): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}

const completePattern: Rule<string> = {
  code: 'value_error',
  msg: 'Pattern should not end with a backslash: write two for one',
  holds: (pattern) => /(?:^|[^\\])(?:\\\\)*$/.test(pattern),
};
