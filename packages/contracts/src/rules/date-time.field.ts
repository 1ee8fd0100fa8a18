import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { field, type FieldOptions, type Kind } from './field.js';

/** A point in time: ISO 8601 on the wire, a `Date` in code. */
export const DATE_TIME: Kind<Date> = {
  code: 'value_error',
  msg: 'Input should be a date, or a date-time with its zone: 2026-01-31 or 2026-01-31T12:00:00Z',
  is: (value) => value instanceof Date,
  schema: { type: 'string', format: 'date-time' },
};

const ISO =
  /^(?!0000)(\d{4}-\d\d-\d\d)(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?$/;

/** Validates a date-time in a JSON body. */
export function DateTimeField(options: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => parseDateTime(value)),
    field(DATE_TIME, [], { example: '2026-01-31T12:00:00Z', ...options }),
  );
}

/** Documents a date-time in a response, which is in UTC with `Z`. */
export function ApiDateTime({ nullable = false } = {}): PropertyDecorator {
  const example = '2026-01-31T12:00:00.000Z';
  return ApiProperty({ type: 'string', format: 'date-time', example, ...(nullable && { nullable }) });
}

/** @returns a `Date` in milliseconds, which is the precision of columns; any other value unchanged */
export function parseDateTime(value: unknown): unknown {
  const day = typeof value === 'string' ? ISO.exec(value)?.[1] : undefined;
  // `Date` reads February 31 as March 3.
  if (!day || new Date(day).toJSON()?.slice(0, 10) !== day) return value;
  return new Date(value as string);
}
