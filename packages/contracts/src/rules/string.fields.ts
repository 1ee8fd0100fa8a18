import { field, type FieldOptions, type Kind, type Rule } from './field.js';

export interface StringFieldOptions extends FieldOptions {
  /** Limits of the length, in code points. */
  min?: number;
  max?: number;
  pattern?: RegExp;
  patternMessage?: string;
  /** The format in the API document, such as `email`. */
  format?: string;
  values?: readonly string[];
  /** Further rules. They are checked for well-formed strings only, because libraries throw for lone surrogates. */
  rules?: Rule<string>[];
}

/** Validates a string. Lengths are in code points; NUL and lone surrogates are invalid. */
export function StringField(options: StringFieldOptions = {}): PropertyDecorator {
  const { min, max, pattern, patternMessage, format, values, rules = [], ...rest } = options;
  const own: Rule<string>[] = [];
  if (min !== undefined) own.push(atLeast(min));
  if (max !== undefined) own.push(atMost(max));
  if (pattern) own.push(matches(pattern, patternMessage));
  if (values) own.push(oneOf(values));
  const schema = { minLength: min, maxLength: max, pattern: pattern?.source, format, enum: values };
  return field(stringKind(schema), [...own, wellFormed, ...rules], rest);
}

export function stringKind(schema: object): Kind<string> {
  return {
    code: 'string_type',
    msg: 'Input should be a valid string',
    is: (value) => typeof value === 'string',
    schema: { type: 'string', ...schema },
  };
}

export function atLeast(min: number, normalized = (value: string) => value): Rule<string> {
  return {
    code: 'string_too_short',
    msg: `String should have at least ${min} character${min === 1 ? '' : 's'}`,
    holds: (value) => codePoints(normalized(value)) >= min,
  };
}

export function atMost(max: number, normalized = (value: string) => value): Rule<string> {
  return {
    code: 'string_too_long',
    msg: `String should have at most ${max} character${max === 1 ? '' : 's'}`,
    holds: (value) => codePoints(normalized(value)) <= max,
  };
}

/** Characters that PostgreSQL can store and JSON can carry. */
export const wellFormed: Rule<string> = {
  code: 'value_error',
  msg: 'String should not contain NUL characters or lone surrogates',
  holds: (value) => value.isWellFormed() && !value.includes('\0'),
};

/** The number of code points. An emoji is one, and two UTF-16 units. */
function codePoints(value: string): number {
  return value.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '_').length;
}

function matches(pattern: RegExp, msg = `String should match pattern '${pattern.source}'`): Rule<string> {
  return { code: 'string_pattern_mismatch', msg, holds: (value) => pattern.test(value) };
}

function oneOf(values: readonly string[]): Rule<string> {
  const msg = `Input should be one of: ${values.join(', ')}`;
  return { code: 'value_error', msg, holds: (value) => values.includes(value) };
}
