import { ConflictError, UnavailableError } from '@repo/core';
import { QueryFailedError } from 'typeorm';

interface PostgresError {
  code?: string;
  constraint?: string;
  detail?: string;
}

const UNIQUE_VIOLATION = ['23505'];
/** Since PostgreSQL 18 the second code is that of ON DELETE RESTRICT. */
const FOREIGN_KEY_VIOLATIONS = ['23503', '23001'];

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return isViolation(error, UNIQUE_VIOLATION, constraint);
}

/** Whether a row is still referenced, or references a missing row. */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  return isViolation(error, FOREIGN_KEY_VIOLATIONS, constraint);
}

function isViolation(error: unknown, codes: string[], constraint?: string): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const cause = error.driverError as PostgresError;
  return codes.includes(cause.code ?? '') && (constraint === undefined || cause.constraint === constraint);
}

/** A `ConflictError` with the fields of the violated unique index; undefined for other errors. */
export function asConflict(error: unknown): ConflictError | undefined {
  if (!(error instanceof QueryFailedError) || !isUniqueViolation(error)) return undefined;
  // Key (tier_id, path)=(1, api_v1_tasks_task) already exists.
  const { detail = '' } = error.driverError as PostgresError;
  const fields = /\(([\w", ]+)\)=\(/.exec(detail)?.[1]?.replaceAll('"', '').split(', ') ?? [];
  return new ConflictError('There is already one like this.', {
    cause: error,
    fields: fields.map((field) => ({
      loc: ['body', field],
      type: 'value_error',
      msg: 'Value is already taken',
    })),
  });
}

/** SQLSTATE classes and codes: connection lost, out of resources, shutting down, cancelled, locked. */
const UNAVAILABLE_STATES = /^(08|53|57|55P03|40001|40P01|25P03)/;
const UNAVAILABLE_MESSAGES =
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|timeout|Connection terminated|not queryable|has encountered a connection error|not connected|Driver not Connected/i;

/** An `UnavailableError` if the database is unavailable or too busy; undefined for other errors. */
export function asUnavailable(error: unknown): UnavailableError | undefined {
  if (error instanceof UnavailableError) return error;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const { code = '', message = '' } = (cause ?? {}) as { code?: string; message?: string };
  const unavailable = UNAVAILABLE_STATES.test(code) || UNAVAILABLE_MESSAGES.test(`${code} ${message}`);
  return unavailable ? new UnavailableError(undefined, { cause: error }) : undefined;
}
