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

/** The responses of this process that can be sent before their requests are routed. */
export class EarlyResponses {
  /** Finds a response by the path and query as the client has sent them. */
  find: (url: string) => EarlyResponse | undefined = () => undefined;
}
