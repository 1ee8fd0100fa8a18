import { type ApiAnswer, apiClient, type ApiRequest } from '@repo/testing/api-client';

/** An answer, or status 0 when there was none. */
export interface Answer extends Partial<ApiAnswer> {
  status: number;
  startedAt: number;
  ms: number;
}

/** Calls the API as a client does, and never throws: that no answer came is an outcome too. */
export type Client = (route: `${string} /${string}`, request?: ApiRequest) => Promise<Answer>;

export function client(baseUrl: string): Client {
  const api = apiClient(baseUrl);
  return async (route, request) => {
    const startedAt = performance.now();
    const answer = await api(route, request).catch(() => ({ status: 0 }));
    return { ...answer, startedAt, ms: performance.now() - startedAt };
  };
}

export const isSuccess = ({ status }: Answer) => status >= 200 && status < 300;

/** A refusal that says why and when to come again; the only answer that a fault may bring. */
export function isHonestRefusal({ status, headers }: Answer): boolean {
  return (
    status === 503 &&
    headers !== undefined &&
    headers.get('Content-Type')?.startsWith('application/problem+json') === true &&
    headers.has('Retry-After')
  );
}
