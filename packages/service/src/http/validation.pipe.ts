import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { ListQuery } from '@repo/contracts';
import { validated } from '@repo/core';

const LOCATIONS: Record<ArgumentMetadata['type'], string> = {
  body: 'body',
  query: 'query',
  param: 'path',
  custom: 'body',
};
const PLAIN_TYPES = new Set<unknown>([String, Number, Boolean, Array, Object, undefined]);

/** Turns what came over HTTP or NATS into an instance of its DTO class, or refuses it field by field. */
@Injectable()
export class ValidationPipe implements PipeTransform {
  async transform(value: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
    if (!metatype || PLAIN_TYPES.has(metatype)) return value;
    return validated(metatype as Type<object>, value === undefined ? {} : value, {
      location: LOCATIONS[type],
      // Clients add query parameters of their own (cache busters, tracking). In a body an extra field is a mistake, and
      // in the query of a list it may be a filter that does nothing.
      forbidExtra: type === 'body' || type === 'custom' || metatype.prototype instanceof ListQuery,
    });
  }
}
