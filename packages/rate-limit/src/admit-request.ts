import { clientNetwork, type RequestContext, requestContext, type TooManyRequestsError } from '@repo/core';
import type { RateLimitCall, RateLimiter } from './rate-limiter.js';
import { headersOf, refusalOf } from './refusal.js';

/** Counts the running HTTP request, and sets the rate-limit headers of its response. @returns the error of a refusal */
export async function admitRequest(
  limiter: RateLimiter,
  call: RateLimitCall,
): Promise<TooManyRequestsError | undefined> {
  const { path, rule } = call;
  const result = await limiter.admit(call);
  for (const [name, value] of Object.entries(headersOf(path, rule, result)))
    requestContext()?.reply?.header(name, value);
  return result.allowed ? undefined : refusalOf(path, rule, result).error;
}

/** The network of the client, as the caller of a call. */
export function networkOf({ clientAddress }: Pick<RequestContext, 'clientAddress'>): string {
  return `ip:${clientAddress ? clientNetwork(clientAddress) : 'unknown'}`;
}
