import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { ListQuery } from '@repo/contracts';
import { InvalidInputError, validated } from '@repo/core';

const LOCATIONS = { body: 'body', query: 'query', param: 'path', custom: 'body' };
const PLAIN_TYPES = new Set<unknown>([String, Number, Boolean, Array, Object, undefined]);

/** Validates input from HTTP or NATS as an instance of its DTO class. */
@Injectable()
export class ValidationPipe implements PipeTransform {
  async transform(value: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
    if (!metatype || PLAIN_TYPES.has(metatype)) return value;
    if (value === undefined && type === 'body')
      throw new InvalidInputError({ loc: ['body'], type: 'missing', msg: 'A body is required' });
    return validated(metatype as Type<object>, value === undefined ? {} : value, {
      location: LOCATIONS[type],
      // Unknown query parameters are ignored, because proxies and browsers add some (tracking, cache busters). In a body an
      // unknown field is a mistake, and in the query of a list it may be a filter without effect.
      forbidExtra: type === 'body' || type === 'custom' || metatype.prototype instanceof ListQuery,
    });
  }
}
