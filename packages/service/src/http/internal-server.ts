import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Metrics } from '@repo/observability';
import type { Readiness } from './readiness.js';

/** Health details and metrics on a port of their own, which the gateway does not know. */
export function createInternalServer(readiness: Readiness, metrics: Metrics): Server {
  return createServer((request, response) => {
    void answer(request.url, response, readiness, metrics).catch(() => response.writeHead(500).end());
  });
}

async function answer(
  url: string | undefined,
  response: ServerResponse,
  readiness: Readiness,
  metrics: Metrics,
): Promise<void> {
  switch (url) {
    case '/health/live':
      return json(response, 200, { status: 'ok' });
    case '/health/ready': {
      const { ready, checks } = await readiness.report();
      return json(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks });
    }
    case '/metrics':
      response
        .writeHead(200, { 'Content-Type': metrics.registry.contentType })
        .end(await metrics.registry.metrics());
      return;
    default:
      return json(response, 404, { status: 'not found' });
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
    .end(JSON.stringify(body));
}
