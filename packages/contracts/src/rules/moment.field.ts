import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { field, type FieldOptions, type Kind } from './field.js';

/** A point in time: ISO 8601 on the wire, a `Date` in code. */
export const MOMENT: Kind<Date> = {
  code: 'value_error',
  msg: 'Input should be a date, or a moment with its zone: 2026-01-31 or 2026-01-31T12:00:00Z',
  is: (value) => value instanceof Date,
  schema: { type: 'string', format: 'date-time' },
};

const ISO =
  /^(?!0000)(\d{4}-\d\d-\d\d)(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?$/;

/** A moment in a JSON body. */
export function MomentField(options: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => parseMoment(value)),
    field(MOMENT, [], { example: '2026-01-31T12:00:00Z', ...options }),
  );
}

/** The moment that the text says, no finer than the milliseconds that columns hold; anything else stays as it is. */
export function parseMoment(value: unknown): unknown {
  const day = typeof value === 'string' ? ISO.exec(value)?.[1] : undefined;
  // A 31st of February would become a 3rd of March.
  if (!day || new Date(day).toJSON()?.slice(0, 10) !== day) return value;
  return new Date(value as string);
}
