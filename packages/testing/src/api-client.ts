export interface ApiRequest {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is; give its content type in `headers`. */
  raw?: string | Uint8Array;
  /** Sent as a form. */
  form?: Record<string, string>;
  token?: string;
  headers?: Record<string, string>;
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  /** Parsed JSON, or the text when it is none. */
  body: any;
  text: string;
}

/** Calls an API as a client does: `api('POST /user', { body })`. */
export type Api = (route: `${string} /${string}`, request?: ApiRequest) => Promise<ApiAnswer>;

const TIME_LIMIT_MS = 15_000;

/** @param baseUrl what every path is appended to: `http://127.0.0.1:8000/api/v1` */
export function apiClient(baseUrl: string): Api {
  return async (route, { body, raw, form, token, headers = {} } = {}) => {
    const [method, path] = route.split(/ (.*)/s) as [string, string];
    const response = await fetch(baseUrl + path, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
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
