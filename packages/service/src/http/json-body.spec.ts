import { describe, expect, it } from '@jest/globals';
import { MAX_JSON_DEPTH, parseJson } from './json-body.js';

const parse = (text: string) => parseJson(Buffer.from(text));
const refusalOf = (work: () => unknown) => {
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

  it('takes an empty body for none', () => {
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
  ])('refuses %j', (text) => {
    expect(refusalOf(() => parse(text))).toMatchObject(INVALID);
  });

  it.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a cut sequence', [0x22, 0xc3, 0x22]],
    ['UTF-16', [...Buffer.from('{}', 'utf16le')]],
  ])('refuses %s', (_, bytes) => {
    expect(refusalOf(() => parseJson(Buffer.from(bytes)))).toMatchObject(INVALID);
  });

  it.each(['{"__proto__": {"admin": true}}', '{"a": [{"__proto__": 1}]}', '{"\\u005f_proto__": 1}'])(
    'refuses the prototype in %s',
    (text) => {
      expect(refusalOf(() => parse(text))).toMatchObject(INVALID);
    },
  );

  it.each(['1e2', '1E2', '[1e0]', '{"a": 1.5e3}', '1.0', '[-7.000]', '{"a": 100.0}', '1e400'])(
    'refuses the number in %s, which is not plain',
    (text) => {
      expect(refusalOf(() => parse(text))).toMatchObject({
        status: 422,
        fields: [{ loc: ['body'], type: 'int_parsing' }],
      });
    },
  );

  it.each(['100', '-1', '0', '1.5', '[0.05, 10.01]', '[true, false, null]', '"1e2"', '{"1.0": "\\"1e2"}'])(
    'reads %s, where every number is plain',
    (text) => {
      expect(parse(text)).toEqual(JSON.parse(text));
    },
  );

  describe('nesting', () => {
    const nested = (depth: number, [open, close]: [string, string] = ['[', ']']) =>
      open.repeat(depth) + close.repeat(depth);

    it(`may be ${MAX_JSON_DEPTH} levels deep`, () => {
      expect(parse(nested(MAX_JSON_DEPTH))).toEqual(expect.any(Array));
    });

    it.each([MAX_JSON_DEPTH + 1, 1_000_000])('is refused at %i levels, before it is read', (depth) => {
      expect(refusalOf(() => parse(nested(depth)))).toMatchObject({ status: 400 });
    });

    it('counts objects, too', () => {
      expect(refusalOf(() => parse(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`))).toMatchObject({
        status: 400,
      });
    });

    it('does not count what stands beside each other, or in texts', () => {
      expect(parse(`[${Array(100).fill('[]').join()}]`)).toHaveLength(100);
      expect(parse(JSON.stringify('[{"'.repeat(100)))).toBe('[{"'.repeat(100));
      expect(parse(JSON.stringify(['\\"', '['.repeat(40)]))).toHaveLength(2);
    });
  });
});
