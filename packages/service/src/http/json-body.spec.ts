import { describe, expect, it } from '@jest/globals';
import { MAX_JSON_DEPTH, parseJson } from './json-body.js';

const parse = (text: string) => parseJson(Buffer.from(text));
const errorOf = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};
const INVALID = { status: 422, fields: [{ loc: ['body'], type: 'json_invalid' }] };

describe('parseJson', () => {
  it.each([
    ['{"a": [1, "ü", null, {"b": true}]}', { a: [1, 'ü', null, { b: true }] }],
    [' "text" ', 'text'],
    ['[]', []],
  ])('reads %s', (text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it('returns undefined for an empty body', () => {
    expect(parse('')).toBeUndefined();
  });

  it.each([
    '{',
    '{"a": NaN}',
    '{"a": Infinity}',
    '{a: 1}',
    "{'a': 1}",
    '{"a": 1,}',
    '{} {}',
    '// no\n{}',
    '01',
    '"\n"',
    '\uFEFF',
  ])('throws json_invalid for %j', (text) => {
    expect(errorOf(() => parse(text))).toMatchObject(INVALID);
  });

  it.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a cut sequence', [0x22, 0xc3, 0x22]],
    ['UTF-16', [...Buffer.from('{}', 'utf16le')]],
  ])('throws json_invalid for %s', (_, bytes) => {
    expect(errorOf(() => parseJson(Buffer.from(bytes)))).toMatchObject(INVALID);
  });

  it.each(['{"__proto__": {"admin": true}}', '{"a": [{"__proto__": 1}]}', '{"\\u005f_proto__": 1}'])(
    'throws json_invalid for the key __proto__ in %s',
    (text) => {
      expect(errorOf(() => parse(text))).toMatchObject(INVALID);
    },
  );

  it.each([
    ['5.0', 5],
    ['[1e2, 1.5E1, -7.000]', [100, 15, -7]],
    ['{"a": 0.05}', { a: 0.05 }],
  ])('reads the values of the numbers in %s, in any notation', (text, value) => {
    expect(parse(text)).toEqual(value);
  });

  describe('nesting', () => {
    const nested = (depth: number, [open, close]: [string, string] = ['[', ']']) =>
      open.repeat(depth) + close.repeat(depth);

    it(`is allowed up to ${MAX_JSON_DEPTH} levels`, () => {
      expect(parse(nested(MAX_JSON_DEPTH))).toEqual(expect.any(Array));
    });

    it.each([MAX_JSON_DEPTH + 1, 1_000_000])('of %i levels is a 400', (depth) => {
      expect(errorOf(() => parse(nested(depth)))).toMatchObject({ status: 400 });
    });

    it('of objects is counted', () => {
      expect(errorOf(() => parse(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`))).toMatchObject({
        status: 400,
      });
    });

    it('is not counted for siblings or inside strings', () => {
      expect(parse(`[${Array(100).fill('[]').join()}]`)).toHaveLength(100);
      expect(parse(JSON.stringify('[{"'.repeat(100)))).toBe('[{"'.repeat(100));
      expect(parse(JSON.stringify(['\\"', '['.repeat(40)]))).toHaveLength(2);
    });
  });
});
