import { STATUS_CODES } from 'node:http';
import { AppError, type FieldError } from './app-error.js';

/** RFC 9457 problem details: the body of every answer that is not a success. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  request_id: string;
  errors?: FieldError[];
}

/** Problem details of an error. `instance` is the path of the request. */
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
