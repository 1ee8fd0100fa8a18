import type { Middleware } from 'openapi-fetch';
import type { components } from './schema.js';

type Problem = components['schemas']['Problem'];

const NO_RESPONSE = 'urn:problem:no-response';
const UNUSABLE = 'urn:problem:unusable-response';

/** Turns a failed connection and a body that the API does not send into a problem, so that no call throws. */
export const problems: Middleware = {
  onError({ request, error }) {
    return responseWith(
      problem(NO_RESPONSE, 503, 'No Response', `There was no response: ${textOf(error)}`, request.url),
    );
  },
  async onResponse({ request, response, options }) {
    const { ok, status } = response;
    if (request.method === 'HEAD' || status === 204 || (ok && options.parseAs !== 'json')) return undefined;
    const body = await readJson(response);
    if (ok ? isObject(body) : isProblem(body)) return undefined;
    return responseWith(unusable(response));
  },
};

/** The problem of a response whose body is not one of the API: a page of a proxy, for example. */
export function unusable({ ok, status, url }: Response): Problem {
  const detail = `The response (${status}) is not one of the API.`;
  return problem(UNUSABLE, ok ? 502 : status, 'Unusable Response', detail, url);
}

/** Whether the API itself has refused the credentials, not a proxy in front of it. */
export const isRefusal = (error?: Problem) => error?.status === 401 && error.type !== UNUSABLE;

/** The JSON of a response, which can still be read afterwards; undefined if it has none. */
export async function readJson(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.clone().text());
  } catch {
    return undefined;
  }
}

export const isProblem = (body: unknown): body is Problem =>
  isObject(body) && typeof body.detail === 'string';

export const isObject = (body: unknown): body is Record<string, unknown> =>
  typeof body === 'object' && body !== null;

const problem = (type: string, status: number, title: string, detail: string, instance: string): Problem => ({
  type,
  title,
  status,
  detail,
  instance,
  request_id: '',
});

export const responseWith = (body: Problem): Response =>
  new Response(JSON.stringify(body), {
    status: body.status,
    headers: { 'Content-Type': 'application/problem+json' },
  });

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
