import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { booleanKind } from './boolean.field.js';
import { DATE_TIME, parseDateTime } from './date-time.field.js';
import { field, type Kind, type Rule } from './field.js';
import { INT4, parseInt4, queryIntKind } from './number.fields.js';
import { atMost, stringKind, wellFormed } from './string.fields.js';

/** The operators of filters (`title__ilike`) with their operands, for a column with values `V`. */
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

export type FilterOperator = keyof FilterOperands<unknown>;

export type FilterType = 'int' | 'text' | 'timestamp' | 'boolean';

const MAX_VALUES = 100;
const MAX_TEXT = 255;
const PATTERN = '`%` matches any text, `_` any character; `\\` before one of them matches it literally.';
const ORDERED: FilterOperator[] = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'not_in', 'between'];

interface Column {
  kind: Kind<any>;
  /** @returns the value of a text; any other input unchanged, which the kind rejects */
  parse: (text: unknown) => unknown;
  rules: Rule<any>[];
  operators: FilterOperator[];
}

const INT = queryIntKind({ minimum: INT4.min, maximum: INT4.max });
const COLUMNS: Record<FilterType, Column> = {
  int: { kind: INT, parse: parseInt4, rules: [], operators: ORDERED },
  text: {
    kind: stringKind({ maxLength: MAX_TEXT }),
    parse: (value) => value,
    rules: [atMost(MAX_TEXT), wellFormed],
    operators: ['eq', 'ne', 'in', 'not_in', 'like', 'ilike'],
  },
  timestamp: { kind: DATE_TIME, parse: parseDateTime, rules: [], operators: ORDERED },
  boolean: {
    kind: booleanKind('Input should be true or false'),
    parse: (value) => (value === 'true' ? true : value === 'false' ? false : value),
    rules: [],
    operators: ['eq', 'ne'],
  },
};

export function filterOperators(type: FilterType, nullable: boolean): FilterOperator[] {
  return nullable ? [...COLUMNS[type].operators, 'is_null'] : COLUMNS[type].operators;
}

export function FilterField(type: FilterType, operator: FilterOperator): PropertyDecorator {
  if (operator === 'is_null') return FilterField('boolean', 'eq');
  if (operator === 'in' || operator === 'not_in') return valuesField(COLUMNS[type], 1, MAX_VALUES);
  if (operator === 'between') return valuesField(COLUMNS[type], 2, 2);
  const { kind, parse, rules } = COLUMNS[type];
  const isPattern = operator === 'like' || operator === 'ilike';
  const description = isPattern ? PATTERN : undefined;
  return applyDecorators(
    Transform(({ value }) => parse(value)),
    field(kind, isPattern ? [...rules, completePattern] : rules, { optional: true, description }),
  );
}

/** Several values: separated by commas, or in a repeated parameter. */
function valuesField({ kind, parse, rules }: Column, min: number, max: number): PropertyDecorator {
  const count = min === max ? `${min} values` : `${min} to ${max} values`;
  const list: Kind<unknown[]> = {
    code: kind.code,
    msg: `${count}, separated by commas. Of each: ${kind.msg}`,
    is: (value): value is unknown[] =>
      Array.isArray(value) && value.length >= min && value.length <= max && value.every(kind.is),
    schema: {
      type: 'array',
      items: kind.schema as object,
      minItems: min,
      maxItems: max,
    } as typeof kind.schema,
  };
  const each = rules.map((rule) => ({ ...rule, holds: (values: unknown[]) => values.every(rule.holds) }));
  return applyDecorators(
    Transform(({ value }) => parseList(value, parse)),
    field(list, each, { optional: true, description: 'Separated by commas, or repeated.' }),
  );
}

function parseList(value: unknown, parse: (text: unknown) => unknown): unknown {
  const texts: unknown = typeof value === 'string' ? value.split(',') : value;
  return Array.isArray(texts) ? texts.map(parse) : texts;
}

const completePattern: Rule<string> = {
  code: 'value_error',
  msg: 'Pattern should not end with a backslash: write two for one',
  holds: (pattern) => /(?:^|[^\\])(?:\\\\)*$/.test(pattern),
};
