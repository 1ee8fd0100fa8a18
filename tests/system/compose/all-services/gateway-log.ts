import type { Sample } from './load.ts';
import type { Stack } from '../stack.ts';

interface Line {
  request_id: string;
  /** Addresses of the replicas that were tried. */
  upstream: string;
  /** Their responses. */
  upstream_status: string;
  upstream_seconds: string;
}

/** The access log of the gateway, for the requests of a load. */
export async function gatewayLog(stack: Stack, from: number, to = Date.now() + 2_000): Promise<Line[]> {
  const [gateway] = await stack.containers('nginx');
  const range = ['--since', new Date(from).toISOString(), '--until', new Date(to).toISOString()];
  const lines = (await stack.docker('logs', ...range, gateway?.id ?? '')).split('\n');
  return lines.filter((line) => line.includes('"request_id":"load-')).map((line) => JSON.parse(line));
}

/** Prints failures of a load, and the replicas that the gateway tried. */
export async function printFailures(stack: Stack, failed: Sample[]): Promise<void> {
  if (failed.length === 0) return;
  const first = Math.min(...failed.map(({ from }) => from));
  const log = new Map((await gatewayLog(stack, first - 1_000)).map((line) => [line.request_id, line]));
  for (const { kind, id, from, to, failure } of failed.slice(0, 20)) {
    const line = log.get(id);
    const tried = line
      ? `${line.upstream || 'no replica'}: ${line.upstream_status} after ${line.upstream_seconds} s`
      : 'no line for it';
    console.log(
      `  ${new Date(from).toISOString()} ${kind}: ${failure} after ${to - from} ms; gateway log: ${tried}`,
    );
  }
}
