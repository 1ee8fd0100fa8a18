import { field, type FieldOptions, type Kind, type Rule } from './field.js';

/** What a string field may ask for. */
export interface StringFieldOptions extends FieldOptions {
  /** Limits of the length, in code points. */
  min?: number;
  max?: number;
  pattern?: RegExp;
  patternMessage?: string;
  /** The format that the documentation names, such as `email`. */
  format?: string;
  /** The only values that there are. */
  values?: readonly string[];
  /** What else a value must satisfy. */
  rules?: Rule<string>[];
}

/** A string, measured in code points, of characters that Postgres and every client can hold. */
export function StringField(options: StringFieldOptions = {}): PropertyDecorator {
  const { min, max, pattern, patternMessage, format, values, rules = [], ...rest } = options;
  const kind: Kind<string> = {
    code: 'string_type',
    msg: 'Input should be a valid string',
    is: (value) => typeof value === 'string',
    schema: {
      type: 'string',
      ...(min !== undefined && { minLength: min }),
      ...(max !== undefined && { maxLength: max }),
      ...(pattern && { pattern: pattern.source }),
      ...(format && { format }),
      ...(values && { enum: [...values] }),
    },
  };
  const all = [wellFormed, ...rules.map(ofWellFormed)];
  if (min !== undefined) all.push(atLeast(min));
  if (max !== undefined) all.push(atMost(max));
  if (pattern) all.push(matches(pattern, patternMessage));
  if (values) all.push(oneOf(values));
  return field(kind, all, rest);
}

/** The length as a reader counts: an emoji is one, whatever UTF-16 makes of it. */
export function codePoints(value: string): number {
  let pairs = 0;
  for (let i = 0; i < value.length; i += 1) {
    if (value.codePointAt(i)! > 0xffff) {
      pairs += 1;
      i += 1;
    }
  }
  return value.length - pairs;
}

/** At least `min` code points, as `measured`. */
export function atLeast(min: number, measured = (value: string) => value): Rule<string> {
  return {
    code: 'string_too_short',
    msg: `String should have at least ${min} ${plural(min)}`,
    holds: (value) => codePoints(measured(value)) >= min,
  };
}

/** At most `max` code points, as `measured`. */
export function atMost(max: number, measured = (value: string) => value): Rule<string> {
  return {
    code: 'string_too_long',
    msg: `String should have at most ${max} ${plural(max)}`,
    holds: (value) => codePoints(measured(value)) <= max,
  };
}

/** Characters that Postgres and every client can hold. */
export const wellFormed: Rule<string> = {
  code: 'value_error',
  msg: 'String should not contain NUL characters or lone surrogates',
  holds: (value) => !/[\0\p{Surrogate}]/u.test(value),
};

/** Libraries throw at half a character: their rules judge whole ones. */
function ofWellFormed(rule: Rule<string>): Rule<string> {
  return { ...rule, holds: (value) => !wellFormed.holds(value) || rule.holds(value) };
}

function matches(pattern: RegExp, msg = `String should match pattern '${pattern.source}'`): Rule<string> {
  return { code: 'string_pattern_mismatch', msg, holds: (value) => pattern.test(value) };
}

function oneOf(values: readonly string[]): Rule<string> {
  return {
    code: 'value_error',
    msg: `Input should be one of: ${values.join(', ')}`,
    holds: (value) => values.includes(value),
  };
}

function plural(count: number): string {
  return count === 1 ? 'character' : 'characters';
}
