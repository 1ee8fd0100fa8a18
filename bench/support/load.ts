// @ts-check
import autocannon from 'autocannon';
import { Failure } from '../../tools/lib/failure.ts';

/** A service that has more to do than it can refuses some, on a busy machine. */
const MAX_REFUSED = 0.05;

/**
 * @typedef {object} Load
 * @property {string} url
 * @property {'GET' | 'POST' | 'PATCH'} [method]
 * @property {Record<string, string>} [headers]
 * @property {unknown} [body]  sent as JSON
 * @property {number} [connections]
 * @property {number} [seconds]
 *
 * @typedef {object} LoadResult
 * @property {number} perSecond
 * @property {number} count  requests that were answered
 * @property {number} p50
 * @property {number} p99  in ms, both
 */

/**
 * Sends the same request again and again over kept connections; many answers that are no success are a
 * Failure.
 *
 * @param {Load} load
 * @returns {Promise<LoadResult>}
 */
export async function runLoad({ url, method = 'GET', headers, body, connections = 32, seconds = 2 }) {
  const result = await autocannon({
    url,
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
    connections,
    duration: seconds,
  });
  if (result.errors > 0 || result.non2xx > MAX_REFUSED * result.requests.total)
    throw new Failure(
      `${method} ${url}: ${result.errors} errors; answers by status: ${JSON.stringify(result.statusCodeStats)}`,
    );
  return {
    perSecond: result['2xx'] / result.duration,
    count: result['2xx'],
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}
