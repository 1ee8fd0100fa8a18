import type { Type } from '@nestjs/common';
import type { FieldError } from '@repo/contracts';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { CompiledRules } from './compiled-rules.js';
import { InvalidInputError } from './errors/app-error.js';

/**
 * Validates the input with the rules of a class, and returns an instance of it.
 *
 * @param options.location source of the input: the first part of the path of each invalid field
 * @param options.forbidExtra whether an unknown field is invalid; otherwise it is dropped
 * @throws InvalidInputError
 */
export async function validated<T extends object>(
  type: Type<T>,
  input: unknown,
  { location, forbidExtra }: { location: string; forbidExtra: boolean },
): Promise<T> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new InvalidInputError({
      loc: [location],
      type: 'json_invalid',
      msg: 'Input should be a JSON object',
    });
  }
  const instance = plainToInstance(type, input);
  const dropped = forbidExtra ? droppedFields(input) : [];
  if (dropped.length === 0 && CompiledRules.of(type).satisfiedBy(instance)) return instance;
  const errors = await validate(instance, {
    whitelist: true,
    forbidNonWhitelisted: forbidExtra,
    forbidUnknownValues: false,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
  });
  const fields = errors.flatMap((error) => fieldErrors(error, [location]));
  fields.push(...dropped.map((name) => extraField([location, name])));
  if (fields.length > 0) throw new InvalidInputError(...fields);
  return instance;
}

function fieldErrors(
  { property, constraints, children }: ValidationError,
  parent: (string | number)[],
): FieldError[] {
  const loc = [...parent, /^\d+$/.test(property) && parent.length > 1 ? Number(property) : property];
  const nested = (children ?? []).flatMap((child) => fieldErrors(child, loc));
  const [failed] = Object.entries(constraints ?? {});
  if (!failed) return nested;
  const [type, msg] = failed;
  return [type === 'whitelistValidation' ? extraField(loc) : { loc, type, msg }, ...nested];
}

/** Fields with the name of a method of Object: class-transformer drops them silently. */
function droppedFields(input: object): string[] {
  return Object.keys(input).filter((name) => name in Object.prototype);
}

function extraField(loc: FieldError['loc']): FieldError {
  return { loc, type: 'extra_forbidden', msg: 'Extra inputs are not permitted' };
}
