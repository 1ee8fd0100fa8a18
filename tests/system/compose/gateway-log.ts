// @ts-check

/**
 * @typedef {object} Line
 * @property {string} request_id
 * @property {string} upstream  addresses of the replicas that were asked
 * @property {string} upstream_status  what each answered
 * @property {string} upstream_seconds
 */

/**
 * What the gateway wrote about the requests of a load.
 *
 * @param {import('./stack.ts').Stack} stack @param {number} from @param {number} [to] @returns {Promise<Line[]>}
 */
export async function gatewayLog(stack, from, to = Date.now() + 2_000) {
  const [gateway] = await stack.containers('nginx');
  const time = (/** @type {number} */ ms) => new Date(ms).toISOString();
  const span = ['--since', time(from), '--until', time(to)];
  const lines = (await stack.docker('logs', ...span, gateway?.id ?? '')).split('\n');
  return lines.filter((line) => line.includes('"request_id":"load-')).map((line) => JSON.parse(line));
}

/**
 * Prints the failures of a load, and which replicas the gateway had asked.
 *
 * @param {import('./stack.ts').Stack} stack @param {import('./load.ts').Sample[]} failed
 */
export async function explain(stack, failed) {
  if (failed.length === 0) return;
  const first = Math.min(...failed.map(({ from }) => from));
  const log = new Map((await gatewayLog(stack, first - 1_000)).map((line) => [line.request_id, line]));
  for (const { kind, id, from, to, failure } of failed.slice(0, 20)) {
    const line = log.get(id);
    const asked = line
      ? `${line.upstream || 'nobody'} answered ${line.upstream_status} after ${line.upstream_seconds} s`
      : 'does not know of it';
    console.log(
      `  ${new Date(from).toISOString()} ${kind}: ${failure} after ${to - from} ms; the gateway: ${asked}`,
    );
  }
}
