import type { Type } from '@nestjs/common';
import { PartialType } from '@nestjs/swagger';

/** A class with the fields of another, all optional. Null stays invalid, unless the field is nullable. */
export function PartialOf<T>(dto: Type<T>): Type<Partial<T>> {
  return PartialType(dto, { skipNullProperties: false });
}
