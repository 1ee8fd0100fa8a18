import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import type { ArgumentMetadata } from '@nestjs/common';
import { IntField, ObjectField, QueryIntField, StringField } from '@repo/contracts';
import { ValidationPipe } from './validation.pipe.js';

class Street {
  @StringField({ min: 2 })
  name: string;
}

class Example {
  @StringField({ min: 2, max: 5 })
  title: string;

  @IntField({ optional: true })
  count?: number;

  @StringField({ optional: true, nullable: true })
  note?: string | null;

  @ObjectField(() => Street, { optional: true })
  street?: Street;
}

class Page {
  @QueryIntField({ default: 1 })
  page: number = 1;
}

const pipe = new ValidationPipe();
const body = (value: unknown, metatype: ArgumentMetadata['metatype'] = Example) =>
  pipe.transform(value, { type: 'body', metatype });
const errorsOf = async (work: Promise<unknown>) => {
  const caught: any = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  return caught?.fields?.map(({ loc, type }: { loc: unknown[]; type: string }) => [loc.join('.'), type]);
};

describe('ValidationPipe', () => {
  it('returns an instance of the DTO class', async () => {
    const dto = await body({ title: 'abc', count: 1, note: null });

    expect(dto).toBeInstanceOf(Example);
    expect(dto).toEqual({ title: 'abc', count: 1, note: null });
  });

  it('distinguishes a missing field from null', async () => {
    expect(Object.keys((await body({ title: 'abc' })) as object)).not.toContain('note');
  });

  it('returns one error per invalid field, with the most specific code', async () => {
    expect(await errorsOf(body({ title: 5, count: '1', other: 1 }))).toEqual(
      expect.arrayContaining([
        ['body.title', 'string_type'],
        ['body.count', 'int_type'],
        ['body.other', 'extra_forbidden'],
      ]),
    );
    expect(await errorsOf(body({ title: 5, count: '1', other: 1 }))).toHaveLength(3);
  });

  it.each([
    [undefined, [['body', 'missing']]],
    [null, [['body', 'json_invalid']]],
    [[], [['body', 'json_invalid']]],
    ['text', [['body', 'json_invalid']]],
    [7, [['body', 'json_invalid']]],
  ])('rejects %j in place of an object', async (value, errors) => {
    expect(await errorsOf(body(value))).toEqual(errors);
  });

  it('returns the path of an invalid field in an object', async () => {
    expect(await errorsOf(body({ title: 'abc', street: { name: 'x', other: 1 } }))).toEqual([
      ['body.street.other', 'extra_forbidden'],
      ['body.street.name', 'string_too_short'],
    ]);
  });

  it('rejects a list in place of an object', async () => {
    expect(await errorsOf(body({ title: 'abc', street: [{ name: 'fine' }] }))).toContainEqual([
      'body.street',
      'model_type',
    ]);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty'])('rejects the extra field %s', async (name) => {
    expect(await errorsOf(body({ title: 'abc', [name]: 1 }))).toEqual([[`body.${name}`, 'extra_forbidden']]);
  });

  it('ignores unknown query parameters, and rejects invalid ones', async () => {
    const query = (value: object) => pipe.transform(value, { type: 'query', metatype: Page });

    expect(await query({ page: '3', utm_source: 'mail' })).toEqual({ page: 3 });
    expect(await query({})).toEqual({ page: 1 });
    expect(await errorsOf(query({ page: 'x' }))).toEqual([['query.page', 'int_parsing']]);
  });

  it('names the location of a path parameter', async () => {
    expect(await errorsOf(pipe.transform({ page: 'x' }, { type: 'param', metatype: Page }))).toEqual([
      ['path.page', 'int_parsing'],
    ]);
  });

  it('returns a value without a DTO class unchanged', async () => {
    expect(await pipe.transform('text', { type: 'param', metatype: String })).toBe('text');
    expect(await pipe.transform(7, { type: 'custom' })).toBe(7);
  });
});
