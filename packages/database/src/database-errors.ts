import { ConflictError, UnavailableError } from '@repo/core';
import type { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';

const UNIQUE_VIOLATION = '23505';

export function violates(error: unknown, constraint: string): boolean {
  return error instanceof QueryFailedError && (error.driverError as DatabaseError).constraint === constraint;
}

/** A `ConflictError` with the fields of the violated unique index; undefined for other errors. */
export function asConflict(error: unknown): ConflictError | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  // Key (tier_id, path)=(1, api_v1_tasks_task) already exists.
  const { code, detail = '' } = error.driverError as DatabaseError;
  if (code !== UNIQUE_VIOLATION) return undefined;
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
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|timeout|Connection terminated|not queryable|has encountered a connection error|not connected|Driver not Connected|cached plan must not change/i;

/** An `UnavailableError` if the database is unavailable or too busy; undefined for other errors. */
export function asUnavailable(error: unknown): UnavailableError | undefined {
  if (error instanceof UnavailableError) return error;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const { code = '', message = '' } = (cause ?? {}) as { code?: string; message?: string };
  const unavailable = UNAVAILABLE_STATES.test(code) || UNAVAILABLE_MESSAGES.test(`${code} ${message}`);
  return unavailable ? new UnavailableError(undefined, { cause: error }) : undefined;
}
