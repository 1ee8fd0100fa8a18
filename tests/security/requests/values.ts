import { LIMITED_ROUTES } from '@repo/contracts';
import fc from 'fast-check';
import type { Schema } from './document.ts';

/** Placeholders for values that are known when the request is sent: see `fillIn`. */
export const PASSWORD = '$password';
export const USERNAME = '$username';
export const TIER_ID = '$tier_id';

const MAX_INT = 2_147_483_647;
const word = fc.stringMatching(/^[a-z0-9]{6,18}$/);

/** Fields with rules that the API document does not state, or with values of the fixture. */
const BY_NAME: Record<string, fc.Arbitrary<unknown>> = {
  username: word.map((text) => `u${text}`),
  email: word.map((text) => `${text}@example.com`),
  password: word.map((text) => `long enough ${text}`),
  new_password: word.map((text) => `long enough ${text}`),
  current_password: fc.constant(PASSWORD),
  tier_id: fc.constant(TIER_ID),
  path: fc.constantFrom(...LIMITED_ROUTES),
  profile_image_url: word.map((text) => `https://example.com/${text}.png`),
  media_url: fc.oneof(
    fc.constant(null),
    word.map((text) => `ftp://example.com/${text}?x=1#y`),
  ),
};

/** A text of any script, emoji and quotes that can be encoded in UTF-8. */
export const anyText = (min: number, max: number) =>
  fc.string({ unit: 'binary', minLength: Math.max(min, 1), maxLength: Math.min(max, 60) }).map((text) => {
    const clean = text.replaceAll('\0', '_');
    return clean.trim() === '' ? `x${clean.slice(1)}`.padEnd(Math.max(min, 1), 'x') : clean;
  });

/** A valid value of a field in a body. */
export function validField(name: string, schema: Schema): fc.Arbitrary<unknown> {
  return BY_NAME[name] ?? validValue(schema);
}

/** A value that the schema allows. */
export function validValue(schema: Schema): fc.Arbitrary<unknown> {
  const types = [schema.type ?? 'string'].flat();
  const value = validOfType(types.find((type) => type !== 'null') ?? 'string', schema);
  return types.includes('null') ? fc.oneof({ weight: 4, arbitrary: value }, fc.constant(null)) : value;
}

function validOfType(type: string, schema: Schema): fc.Arbitrary<unknown> {
  if (type === 'integer') {
    return fc.integer({ min: schema.minimum ?? -MAX_INT, max: schema.maximum ?? MAX_INT });
  }
  if (type === 'boolean') return fc.boolean();
  if (type === 'array') {
    const items = validOfType([schema.items?.type ?? 'string'].flat()[0]!, schema.items ?? {});
    return fc.array(items, { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 5, 5) });
  }
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.format === 'date-time')
    return fc
      .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
      .map((date) => date.toISOString());
  if (schema.format === 'uuid') return fc.uuid();
  if (schema.pattern && schema.pattern !== '\\S')
    return fc
      .stringMatching(new RegExp(simple(schema.pattern)))
      .map((text) => text.slice(0, schema.maxLength ?? 60));
  return anyText(schema.minLength ?? 0, schema.maxLength ?? 60);
}

/** The generator does not support the look-ahead in the pattern of a tier's name: let it begin with a letter. */
const simple = (pattern: string) => pattern.replace(/^\^\(\?=[^)]*\)\[/, '^[A-Za-z][');

/** A value that the field must refuse, and what it is. */
export function invalidValue(name: string, schema: Schema): fc.Arbitrary<{ value: unknown; what: string }> {
  const invalid = (what: string, ...values: unknown[]) =>
    fc.constantFrom(...values).map((value) => ({ value, what }));
  const types = [schema.type ?? 'string'].flat();
  const values = [invalid('an object', { $gt: '' }, {}), invalid('a list', [], ['x'])];
  if (!types.includes('null')) values.push(invalid('null', null));
  if (types.includes('integer')) {
    // A number with an exponent would make the whole body malformed.
    values.push(invalid('no integer', '5', 1.5, true, ''), invalid('beyond int4', 2 ** 64));
    if (schema.minimum !== undefined) values.push(invalid('too small', schema.minimum - 1));
    if (schema.maximum !== undefined) values.push(invalid('too large', schema.maximum + 1, 1e15));
    return fc.oneof(...values);
  }
  values.push(
    invalid('no text', 5, true, 0.5),
    invalid('NUL', 'ab\0cdefgh'),
    invalid('a lone surrogate', 'ab\ud800cdefg'),
  );
  if (schema.maxLength !== undefined) values.push(invalid('too long', 'x'.repeat(schema.maxLength + 1)));
  if (schema.minLength) values.push(invalid('too short', 'x'.repeat(schema.minLength - 1)));
  if (schema.enum) values.push(invalid('no choice', 'none of these'));
  if (schema.format === 'email')
    values.push(invalid('no address', 'x', 'x@', '@example.com', 'A <a@example.com>', 'a@b@example.com'));
  if (schema.format === 'uri')
    values.push(invalid('no link', 'javascript:alert(1)', 'example.com', '//example.com', 'http://'));
  if (name === 'password' || name === 'new_password')
    values.push(invalid('no password', 'short', 'password1', 'x'.repeat(129)));
  return fc.oneof(...values);
}

/** A text that the parameter must refuse, and what it is. */
export function invalidText(name: string, schema: Schema): fc.Arbitrary<{ value: string; what: string }> {
  const invalid = (what: string, ...values: string[]) =>
    fc.constantFrom(...values).map((value) => ({ value, what }));
  const type = [schema.type ?? 'string'].flat()[0]!;
  const item = type === 'array' ? [schema.items?.type ?? 'string'].flat()[0]! : type;
  if (item === 'integer')
    return invalid('no integer', 'x', '1.5', '1e2', '0x1', '', ' 1', '+1', '9999999999', '\u0661', 'NaN');
  if (item === 'boolean') return invalid('no boolean', 'maybe', '2', '');
  const format = type === 'array' ? schema.items?.format : schema.format;
  if (format === 'date-time') return invalid('no time', 'yesterday', '2026-13-01', '');
  if (schema.enum) return invalid('no choice', 'nothing', '');
  if (name === 'cursor') return invalid('no cursor', '!!!', 'AAAA', 'x'.repeat(600));
  const max = (type === 'array' ? schema.items?.maxLength : schema.maxLength) ?? 255;
  return fc.oneof(invalid('too long', 'x'.repeat(max + 1)), invalid('NUL', 'a\0b'));
}
