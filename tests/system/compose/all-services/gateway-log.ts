import assert from 'node:assert/strict';
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

/** Throws when requests of a load failed, with the lines that the gateway logged about them. */
export async function noneFailed(stack: Stack, samples: Sample[]): Promise<void> {
  const failed = samples.filter(({ failure }) => failure);
  if (failed.length === 0) return;
  const log = await gatewayLog(stack, Math.min(...failed.map(({ from }) => from)) - 1_000);
  const rows = failed.slice(0, 20).map(({ id, route, failure }) => {
    const { upstream, upstream_status, upstream_seconds } = log.find((line) => line.request_id === id) ?? {};
    return { id, route, failure, upstream, upstream_status, upstream_seconds };
  });
  console.table(rows);
  assert.fail(`${failed.length} requests failed`);
}
