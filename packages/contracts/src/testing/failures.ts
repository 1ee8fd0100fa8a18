import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

/** Validates an input like a service. @returns the code of each invalid field, by path */
export function failures(dto: Type<object>, input: object): Record<string, string> {
  const errors = validateSync(plainToInstance(dto, input), {
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
  });
  return Object.fromEntries(errors.flatMap((error) => codes(error)));
}

function codes(error: ValidationError, parent = ''): [string, string][] {
  const path = `${parent}${error.property}`;
  const [failed] = Object.keys(error.constraints ?? {});
  const own = failed === 'whitelistValidation' ? 'extra_forbidden' : failed;
  const nested = (error.children ?? []).flatMap((child) => codes(child, `${path}.`));
  return own ? [[path, own], ...nested] : nested;
}

/** Converts an input like a service. */
export function parsed<T extends object>(dto: Type<T>, input: object): T {
  return plainToInstance(dto, input);
}
