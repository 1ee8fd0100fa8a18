import type { IncomingHttpHeaders } from 'node:http';
import type { AppError } from './errors/app-error.js';

/** The parts of a request on which a refusal depends. */
export interface RepeatedRequest {
  method?: string;
  url?: string;
  headers: IncomingHttpHeaders;
}

/** A complete response to a GET request of a public route, which ignores tokens and has no guards of its own. */
export interface EarlyResponse {
  /** Name of the route's spans: `GET /api/v1/user/{username}`. */
  name: string;
  /** Template of the route as in logs and metrics: `/api/v1/user/:username`. */
  route: string;
  contentType: string;
  etag: string;
  body: string;
  /** Bytes of the body. */
  length: number;
}

/** The refusal of a request that repeats one that was refused. */
export interface EarlyRefusal {
  /** Name and template as in `EarlyResponse`. */
  name: string;
  route: string;
  userId: number;
  error: AppError;
  headers: Record<string, string>;
}

/** The responses of this process that can be sent before their requests are routed. */
export class EarlyResponses {
  /** Finds a response by the path and query as the client has sent them. */
  find: (url: string) => EarlyResponse | undefined = () => undefined;

  /** Finds the refusal of a request without a body, whose token is valid. */
  findRefusal: (request: RepeatedRequest) => EarlyRefusal | undefined = () => undefined;
}
