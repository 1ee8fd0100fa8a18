import type { FieldError } from '@repo/contracts';

export interface AppErrorJson {
  status: number;
  code: string;
  detail: string;
  headers?: Record<string, string>;
  fields?: FieldError[];
}

interface AppErrorOptions extends ErrorOptions {
  code?: string;
  headers?: Record<string, string>;
  fields?: FieldError[];
}

/**
 * A refusal that a caller may see. It knows no transport: one HTTP filter and one NATS reply translate it.
 * `code` is stable for programs (by default the detail as a slug), `detail` is the text for people.
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
    super(detail, options);
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

/** 400: the request cannot be read at all. */
export class BadRequestError extends AppError {
  constructor(detail = 'Bad Request') {
    super(400, detail);
  }
}

/** 401: nobody we know. */
export class UnauthenticatedError extends AppError {
  constructor(
    detail = 'Not authenticated',
    headers: Record<string, string> = { 'WWW-Authenticate': 'Bearer' },
  ) {
    super(401, detail, { headers });
  }
}

/** 403: somebody we know, who may not. */
export class ForbiddenError extends AppError {
  constructor(detail = 'You do not have enough privileges.') {
    super(403, detail);
  }
}

/** 403: somebody else's resource. */
export class NotOwnerError extends ForbiddenError {
  constructor() {
    super('Request forbidden -- authorization will not help');
  }
}

/** 404: there is no such thing, or none that the caller may know of. */
export class NotFoundError extends AppError {
  constructor(detail = 'Not Found') {
    super(404, detail);
  }
}

/** 409: the state of the resource does not allow it. */
export class ConflictError extends AppError {
  constructor(detail: string, options: ErrorOptions & { fields?: FieldError[] } = {}) {
    super(409, detail, options);
  }
}

/** 422: well formed, but against a rule of the business. */
export class UnprocessableError extends AppError {
  constructor(detail: string) {
    super(422, detail);
  }
}

/** 422: fields that break their rules, one entry each. */
export class InvalidInputError extends AppError {
  constructor(fields: FieldError[]) {
    super(422, 'The request has invalid fields.', { code: 'invalid-input', fields });
  }

  /** What is wrong, in one line, for logs and operators. */
  get explanation(): string {
    const fields = this.fields ?? [];
    return fields.map(({ loc, msg }) => `${loc.slice(1).join('.')}: ${msg}`).join('; ');
  }
}

/** 429: too often. `retryAfterSeconds` says when it may work again. */
export class TooManyRequestsError extends AppError {
  constructor(detail: string, options: { retryAfterSeconds: number; headers?: Record<string, string> }) {
    super(429, detail, {
      headers: {
        'Retry-After': String(Math.max(1, Math.ceil(options.retryAfterSeconds))),
        ...options.headers,
      },
    });
  }
}

/** 503: a dependency is away; the same request may work a moment later. */
export class UnavailableError extends AppError {
  constructor(
    detail = 'The service is temporarily unavailable.',
    options: ErrorOptions & { retryAfterSeconds?: number } = {},
  ) {
    super(503, detail, {
      cause: options.cause,
      code: 'unavailable',
      headers: { 'Retry-After': String(options.retryAfterSeconds ?? 1) },
    });
  }
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
