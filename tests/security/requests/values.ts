import fc from 'fast-check';
import type { Schema } from './document.js';

/** Stands for what is only known when the request is sent: see scene.ts. */
export const PASSWORD = '$password';
export const USERNAME = '$username';
export const TIER_ID = '$tier_id';

const MAX_INT = 2_147_483_647;
const word = fc.stringMatching(/^[a-z0-9]{6,18}$/);

/** Fields with rules that the document has no words for, or that must fit the scene. */
const BY_NAME: Record<string, fc.Arbitrary<unknown>> = {
  username: word.map((text) => `u${text}`),
  email: word.map((text) => `${text}@example.com`),
  password: word.map((text) => `long enough ${text}`),
  new_password: word.map((text) => `long enough ${text}`),
  current_password: fc.constant(PASSWORD),
  tier_id: fc.constant(TIER_ID),
  path: word.map((text) => `api/v1/${text}`),
  profile_image_url: word.map((text) => `https://example.com/${text}.png`),
  media_url: fc.oneof(
    fc.constant(null),
    word.map((text) => `ftp://example.com/${text}?x=1#y`),
  ),
};

/** A text as people and programs write it: any script, emoji, quotes, nothing that has no form in UTF-8. */
export const anyText = (min: number, max: number) =>
  fc.string({ unit: 'binary', minLength: Math.max(min, 1), maxLength: Math.min(max, 60) }).map((text) => {
    const clean = text.replaceAll('\0', '_');
    return clean.trim() === '' ? `x${clean.slice(1)}`.padEnd(Math.max(min, 1), 'x') : clean;
  });

/** A value that the field takes. */
export function goodValue(name: string, schema: Schema): fc.Arbitrary<unknown> {
  const known = BY_NAME[name];
  if (known) return known;
  const types = [schema.type ?? 'string'].flat();
  const value = goodOfType(types.find((type) => type !== 'null') ?? 'string', schema);
  return types.includes('null') ? fc.oneof({ weight: 4, arbitrary: value }, fc.constant(null)) : value;
}

function goodOfType(type: string, schema: Schema): fc.Arbitrary<unknown> {
  if (type === 'integer') {
    return fc.integer({ min: schema.minimum ?? -MAX_INT, max: schema.maximum ?? MAX_INT });
  }
  if (type === 'boolean') return fc.boolean();
  if (type === 'array') {
    const items = goodOfType([schema.items?.type ?? 'string'].flat()[0]!, schema.items ?? {});
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

/** Look-ahead is beyond the generator: the name of a tier begins with a letter, and all is well. */
const simple = (pattern: string) => pattern.replace(/^\^\(\?=[^)]*\)\[/, '^[A-Za-z][');

/** A value that the field must not take; its kind is told along. */
export function badValue(name: string, schema: Schema): fc.Arbitrary<{ value: unknown; what: string }> {
  const bad = (what: string, ...values: unknown[]) =>
    fc.constantFrom(...values).map((value) => ({ value, what }));
  const types = [schema.type ?? 'string'].flat();
  const wrong = [bad('an object', { $gt: '' }, {}), bad('a list', [], ['x'])];
  if (!types.includes('null')) wrong.push(bad('null', null));
  if (types.includes('integer')) {
    // No number with an exponent: such a body is not well formed here, whoever sends it.
    wrong.push(bad('no integer', '5', 1.5, true, ''), bad('beyond all integers', 2 ** 64));
    if (schema.minimum !== undefined) wrong.push(bad('too small', schema.minimum - 1));
    if (schema.maximum !== undefined) wrong.push(bad('too large', schema.maximum + 1, 1e15));
    return fc.oneof(...wrong);
  }
  wrong.push(bad('no text', 5, true, 0.5), bad('NUL', 'ab\0cdefgh'), bad('half a pair', 'ab\ud800cdefg'));
  if (schema.maxLength !== undefined) wrong.push(bad('too long', 'x'.repeat(schema.maxLength + 1)));
  if (schema.minLength) wrong.push(bad('too short', 'x'.repeat(schema.minLength - 1)));
  if (schema.enum) wrong.push(bad('no choice', 'none of these'));
  if (schema.format === 'email')
    wrong.push(bad('no address', 'x', 'x@', '@example.com', 'A <a@example.com>', 'a@b@example.com'));
  if (schema.format === 'uri')
    wrong.push(bad('no link', 'javascript:alert(1)', 'example.com', '//example.com', 'http://'));
  if (name === 'password' || name === 'new_password')
    wrong.push(bad('no password', 'short', 'password1', 'x'.repeat(129)));
  return fc.oneof(...wrong);
}

/** A text in a query that the parameter must not take. */
export function badText(name: string, schema: Schema): fc.Arbitrary<{ value: string; what: string }> {
  const bad = (what: string, ...values: string[]) =>
    fc.constantFrom(...values).map((value) => ({ value, what }));
  const type = [schema.type ?? 'string'].flat()[0]!;
  const item = type === 'array' ? [schema.items?.type ?? 'string'].flat()[0]! : type;
  if (item === 'integer')
    return bad('no integer', 'x', '1.5', '1e2', '0x1', '', ' 1', '+1', '9999999999', '\u0661', 'NaN');
  if (item === 'boolean') return bad('no boolean', 'maybe', '2', '');
  const format = type === 'array' ? schema.items?.format : schema.format;
  if (format === 'date-time') return bad('no time', 'yesterday', '2026-13-01', '');
  if (schema.enum) return bad('no choice', 'nothing', '');
  if (name === 'cursor') return bad('no cursor', '!!!', 'AAAA', 'x'.repeat(600));
  const max = (type === 'array' ? schema.items?.maxLength : schema.maxLength) ?? 255;
  return fc.oneof(bad('too long', 'x'.repeat(max + 1)), bad('NUL', 'a\0b'));
}
