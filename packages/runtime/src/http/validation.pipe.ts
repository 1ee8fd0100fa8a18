import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { ERROR_CODE_PRIORITY, ListQuery } from '@repo/contracts';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { type FieldError, InvalidInputError } from '../errors/index.js';

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
    const location = LOCATIONS[type];
    const input = value === undefined ? {} : value;
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      throw new InvalidInputError([
        { loc: [location], type: 'json_invalid', msg: 'Input should be a JSON object' },
      ]);
    }
    // Clients add query parameters of their own (cache busters, tracking). In a body an extra field is a mistake, and
    // in the query of a list it may be a filter that does nothing.
    const forbidExtra = type === 'body' || type === 'custom' || metatype.prototype instanceof ListQuery;
    const dto = plainToInstance(metatype as new () => object, input);
    const errors = await validate(dto, {
      whitelist: true,
      forbidNonWhitelisted: forbidExtra,
      forbidUnknownValues: false,
      validationError: { target: false, value: false },
    });
    const fields = errors.flatMap((error) => fieldErrors(error, [location]));
    if (forbidExtra) fields.push(...droppedFields(input).map((name) => extraField([location, name])));
    if (fields.length > 0) throw new InvalidInputError(fields);
    return dto;
  }
}

function fieldErrors(
  { property, constraints, children }: ValidationError,
  parent: (string | number)[],
): FieldError[] {
  const loc = [...parent, /^\d+$/.test(property) && parent.length > 1 ? Number(property) : property];
  const nested = (children ?? []).flatMap((child) => fieldErrors(child, loc));
  if (!constraints) return nested;
  if (constraints.whitelistValidation) return [extraField(loc), ...nested];
  const [name, msg] = Object.entries(constraints).sort(([a], [b]) => priority(a) - priority(b))[0]!;
  return [{ loc, type: name, msg }, ...nested];
}

/** Fields that are called like a method of every object: class-transformer leaves them out without a word. */
function droppedFields(input: object): string[] {
  return Object.keys(input).filter((name) => name in Object.prototype);
}

function extraField(loc: FieldError['loc']): FieldError {
  return { loc, type: 'extra_forbidden', msg: 'Extra inputs are not permitted' };
}

function priority(code: string): number {
  const index = (ERROR_CODE_PRIORITY as readonly string[]).indexOf(code);
  return index < 0 ? Number.MAX_SAFE_INTEGER : index;
}
