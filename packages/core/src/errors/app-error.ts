import type { FieldError } from '@repo/contracts';

export type AppErrorJson = Pick<AppError, 'status' | 'code' | 'detail' | 'headers' | 'fields'>;

type AppErrorOptions = ErrorOptions & Partial<Pick<AppErrorJson, 'code' | 'headers' | 'fields'>>;

/**
 * An error that callers see, over HTTP or NATS. `detail` is for people. `code` is stable, for programs; by
 * default it is made of the detail.
 */
export class AppError extends Error {
  readonly code: string;
  readonly headers?: Record<string, string>;
  readonly fields?: FieldError[];

  constructor(
    readonly status: number,
    readonly detail: string,
    { code, headers, fields, ...options }: AppErrorOptions = {},
  ) {
    // The stack of a client error is not logged, and capturing it is the main cost of a refusal.
    const { stackTraceLimit } = Error;
    if (status < 500) Error.stackTraceLimit = 0;
    super(detail, options);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = new.target.name;
    this.code = code ?? slug(detail);
    this.headers = headers;
    this.fields = fields;
  }

  toJSON(): AppErrorJson {
    const { status, code, detail, headers, fields } = this;
    return { status, code, detail, headers, fields };
  }

  static fromJSON({ status, detail, ...options }: AppErrorJson): AppError {
    return new AppError(status, detail, options);
  }
}

/** 400: the request cannot be parsed. */
export class BadRequestError extends AppError {
  constructor(detail = 'Bad Request') {
    super(400, detail);
  }
}

/** 401: no valid token or password. */
export class UnauthenticatedError extends AppError {
  constructor(
    detail = 'Not authenticated',
    headers: Record<string, string> = { 'WWW-Authenticate': 'Bearer' },
  ) {
    super(401, detail, { headers });
  }
}

/** 403: the user is known and lacks the right. */
export class ForbiddenError extends AppError {
  constructor(detail = 'You do not have enough privileges.') {
    super(403, detail);
  }
}

/** 403: the resource belongs to another user. */
export class NotOwnerError extends ForbiddenError {
  constructor() {
    super('Request forbidden -- authorization will not help');
  }
}

/** 404: the resource does not exist, or the caller may not know of it. */
export class NotFoundError extends AppError {
  constructor(detail = 'Not Found') {
    super(404, detail);
  }
}

/** 409: the state of the resource does not allow the operation. */
export class ConflictError extends AppError {
  constructor(detail: string, options: ErrorOptions & { fields?: FieldError[] } = {}) {
    super(409, detail, options);
  }
}

/** 422: well formed, but against a business rule. */
export class UnprocessableError extends AppError {
  constructor(detail: string) {
    super(422, detail);
  }
}

/** 422: invalid fields, with one entry each. */
export class InvalidInputError extends AppError {
  constructor(...fields: FieldError[]) {
    super(422, 'The request has invalid fields.', { code: 'invalid-input', fields });
  }

  get explanation(): string {
    const fields = this.fields ?? [];
    return fields.map(({ loc, msg }) => `${loc.slice(1).join('.')}: ${msg}`).join('; ');
  }
}

/** 429: too many requests; `retryAfterSeconds` is rounded up to whole seconds. */
export class TooManyRequestsError extends AppError {
  constructor(detail: string, { retryAfterSeconds }: { retryAfterSeconds: number }) {
    super(429, detail, { headers: { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) } });
  }
}

/** 503: a dependency is unavailable. The client may repeat the request. */
export class UnavailableError extends AppError {
  constructor(detail = 'The service is temporarily unavailable.', options: ErrorOptions = {}) {
    super(503, detail, { ...options, code: 'unavailable', headers: { 'Retry-After': '1' } });
  }
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
