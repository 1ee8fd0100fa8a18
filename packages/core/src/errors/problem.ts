import { STATUS_CODES } from 'node:http';
import type { Problem } from '@repo/contracts';
import type { AppError } from './app-error.js';

/** The problem details (RFC 9457) of an error. `instance` is the path of the request. */
export function toProblem(error: AppError, request: { instance: string; requestId: string }): Problem {
  return {
    type: `urn:problem:${error.code}`,
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.detail,
    instance: request.instance,
    request_id: request.requestId,
    ...(error.fields && { errors: error.fields }),
  };
}
