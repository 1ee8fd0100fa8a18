export interface ApiRequest {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent unchanged; `headers` has its content type. */
  raw?: string | Uint8Array;
  /** Sent as a form. */
  form?: Record<string, string>;
  token?: string;
  headers?: Record<string, string>;
}

/** The response to a request. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  /** Parsed JSON, or the text if it is no JSON. */
  body: any;
  text: string;
}

/** Sends a request: `api('POST /user', { body })`. */
export type Api = (route: `${string} /${string}`, request?: ApiRequest) => Promise<ApiAnswer>;

const TIMEOUT_MS = 15_000;

/** @param baseUrl prefix of all paths: `http://127.0.0.1:8000/api/v1` */
export function apiClient(baseUrl: string): Api {
  return async (route, { body, raw, form, token, headers = {} } = {}) => {
    const [method, path] = route.split(/ (.*)/s) as [string, string];
    const response = await fetch(baseUrl + path, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      body:
        (raw as string | undefined) ??
        (form ? new URLSearchParams(form) : body === undefined ? undefined : JSON.stringify(body)),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text), text };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
