// @ts-check
import autocannon from 'autocannon';
import { Failure } from '../../infra/local/failure.mjs';

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
 * Sends the same request again and again over kept connections; an answer that is no success is a Failure.
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
  if (result.errors > 0 || result.non2xx > 0)
    throw new Failure(`${method} ${url}: ${result.errors} errors, ${result.non2xx} refusals`);
  return {
    perSecond: result.requests.total / result.duration,
    count: result.requests.total,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}
