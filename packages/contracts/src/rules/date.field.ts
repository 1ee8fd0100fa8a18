import { ApiProperty } from '@nestjs/swagger';

/** Documents a moment in an answer: a `Date` in code, ISO 8601 in UTC with `Z` on the wire. */
export function DateField({ nullable = false } = {}): PropertyDecorator {
  return ApiProperty({
    type: 'string',
    format: 'date-time',
    example: '2026-01-31T12:00:00.000Z',
    ...(nullable && { nullable }),
  });
}
