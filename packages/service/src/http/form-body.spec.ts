import { describe, expect, it } from '@jest/globals';
import { BadRequestError, InvalidInputError } from '@repo/core';
import { parseForm } from './form-body.js';

const URLENCODED = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=x';

const part = (name: string, value: string, more = '') =>
  `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const parse = (type: string, text: string | Buffer) => parseForm(type, Buffer.from(text));

describe('parseForm', () => {
  it('returns the fields of both types of forms', async () => {
    const fields = { username: 'ada', password: 'ünd &more' };

    expect(await parse(URLENCODED, 'username=ada&password=%C3%BCnd+%26more')).toEqual(fields);
    const parts = part('username', 'ada') + part('password', 'ünd &more');
    expect(await parse(MULTIPART, `${parts}--x--\r\n`)).toEqual(fields);
    expect(await parse(URLENCODED, '')).toEqual({});
  });

  it('returns a field called __proto__ as a field', async () => {
    expect(Object.keys(await parse(URLENCODED, '__proto__=1'))).toEqual(['__proto__']);
  });

  it.each([
    ['without a boundary', 'multipart/form-data', part('a', 'b')],
    ['with an empty boundary', 'multipart/form-data; boundary=', part('a', 'b')],
    ['with another boundary', 'multipart/form-data; boundary=y', `${part('a', 'b')}--x--\r\n`],
    ['without a body', MULTIPART, ''],
    ['cut off in a header', MULTIPART, '--x\r\nContent-Dis'],
    ['cut off in a value', MULTIPART, part('a', 'b')],
    ['with a part without a name', MULTIPART, '--x\r\n\r\nb\r\n--x--\r\n'],
  ])('refuses a multipart form %s with 400', async (_, type, text) => {
    await expect(parse(type, text)).rejects.toThrow(BadRequestError);
  });

  it.each([
    ['a file', MULTIPART, `${part('a', 'b', '; filename="a"')}--x--\r\n`],
    ['a field that is given twice', URLENCODED, 'a=1&a=2'],
    ['bytes that are not UTF-8', URLENCODED, 'a=%ff'],
    ['bytes that are not UTF-8', MULTIPART, Buffer.from(`${part('a', 'ÿ')}--x--\r\n`, 'latin1')],
  ])('refuses %s with the name of the field', async (_, type, text) => {
    const error = await parse(type, text).catch((thrown: InvalidInputError) => thrown);

    expect(error).toBeInstanceOf(InvalidInputError);
    expect((error as InvalidInputError).fields?.[0]).toMatchObject({
      loc: ['body', 'a'],
      type: 'value_error',
    });
  });
});
