import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { AppError } from '@repo/core';
import { asConflict, asUnavailable } from '@repo/database';

/** Translates any error into one that a caller may see. An unknown error becomes a 500 without its message. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const translated = asUnavailable(error) ?? asConflict(error);
  if (translated) return translated;
  const status = statusOf(error);
  return new AppError(status, STATUS_CODES[status] ?? 'Error', { cause: error });
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
