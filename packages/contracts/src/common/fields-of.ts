import 'reflect-metadata';
import type { Type } from '@nestjs/common';

/** Metadata key under which `@ApiProperty` stores the properties of a class. */
const API_PROPERTIES = 'swagger/apiModelPropertiesArray';

/** The documented fields of a DTO, those of its base classes included. */
export function fieldsOf(dto: Type<object>): string[] {
  const names = (Reflect.getMetadata(API_PROPERTIES, dto.prototype as object) ?? []) as string[];
  return names.map((name) => name.replace(/^:/, ''));
}
