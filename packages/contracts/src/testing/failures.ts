import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { ERROR_CODE_PRIORITY } from '../rules/index.js';

/** What a service would answer to this input: the code of each bad field, by path. `{}` when all is well. */
export function failures(dto: Type<object>, input: object): Record<string, string> {
  const errors = validateSync(plainToInstance(dto, input), { whitelist: true, forbidNonWhitelisted: true });
  return Object.fromEntries(errors.flatMap((error) => codes(error)));
}

function codes(error: ValidationError, parent = ''): [string, string][] {
  const path = `${parent}${error.property}`;
  const failed = error.constraints ?? {};
  const own =
    'whitelistValidation' in failed ? 'extra_forbidden' : ERROR_CODE_PRIORITY.find((code) => code in failed);
  const nested = (error.children ?? []).flatMap((child) => codes(child, `${path}.`));
  return own ? [[path, own], ...nested] : nested;
}

/** The DTO that a service would work with. */
export function parsed<T extends object>(dto: Type<T>, input: object): T {
  return plainToInstance(dto, input);
}
