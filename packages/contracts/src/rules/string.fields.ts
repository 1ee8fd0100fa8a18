import { field, type FieldOptions, type Kind, type Rule } from './field.js';

export interface StringFieldOptions extends FieldOptions {
  /** Limits of the length, in code points. */
  min?: number;
  max?: number;
  pattern?: RegExp;
  patternMessage?: string;
  /** The format in the API document, such as `email`. */
  format?: string;
  /** The allowed values. */
  values?: readonly string[];
  /** Further rules. */
  rules?: Rule<string>[];
}

/** Validates a string. Lengths are in code points; NUL and lone surrogates are invalid. */
export function StringField(options: StringFieldOptions = {}): PropertyDecorator {
  const { min, max, pattern, patternMessage, format, values, rules = [], ...rest } = options;
  const kind = stringKind({
    ...(min !== undefined && { minLength: min }),
    ...(max !== undefined && { maxLength: max }),
    ...(pattern && { pattern: pattern.source }),
    ...(format && { format }),
    ...(values && { enum: [...values] }),
  });
  const all = [wellFormed, ...rules.map(ofWellFormed)];
  if (min !== undefined) all.push(atLeast(min));
  if (max !== undefined) all.push(atMost(max));
  if (pattern) all.push(matches(pattern, patternMessage));
  if (values) all.push(oneOf(values));
  return field(kind, all, rest);
}

export function stringKind(schema: object): Kind<string> {
  return {
    code: 'string_type',
    msg: 'Input should be a valid string',
    is: (value) => typeof value === 'string',
    schema: { type: 'string', ...schema },
  };
}

/** The number of code points. An emoji is one, and two UTF-16 units. */
export function codePoints(value: string): number {
  return value.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '_').length;
}

/** At least `min` code points of the `normalized` value. */
export function atLeast(min: number, normalized = (value: string) => value): Rule<string> {
  return {
    code: 'string_too_short',
    msg: `String should have at least ${min} ${plural(min)}`,
    holds: (value) => codePoints(normalized(value)) >= min,
  };
}

/** At most `max` code points of the `normalized` value. */
export function atMost(max: number, normalized = (value: string) => value): Rule<string> {
  return {
    code: 'string_too_long',
    msg: `String should have at most ${max} ${plural(max)}`,
    holds: (value) => codePoints(normalized(value)) <= max,
  };
}

/** Characters that PostgreSQL can store and JSON can carry. */
export const wellFormed: Rule<string> = {
  code: 'value_error',
  msg: 'String should not contain NUL characters or lone surrogates',
  holds: (value) => value.isWellFormed() && !value.includes('\0'),
};

/** Checks a rule for well-formed strings only, because libraries throw for lone surrogates. */
function ofWellFormed(rule: Rule<string>): Rule<string> {
  return { ...rule, holds: (value) => !wellFormed.holds(value) || rule.holds(value) };
}

function matches(pattern: RegExp, msg = `String should match pattern '${pattern.source}'`): Rule<string> {
  return { code: 'string_pattern_mismatch', msg, holds: (value) => pattern.test(value) };
}

function oneOf(values: readonly string[]): Rule<string> {
  const msg = `Input should be one of: ${values.join(', ')}`;
  return { code: 'value_error', msg, holds: (value) => values.includes(value) };
}

const plural = (count: number) => (count === 1 ? 'character' : 'characters');
