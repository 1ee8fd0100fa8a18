import { createServer, type Server } from 'node:http';
import type { Metrics } from '@repo/observability';
import type { ReadinessChecks } from './readiness-checks.js';

type Response = [status: number, contentType: string, body: string];

/** Serves health details and metrics, on a port that the gateway does not forward to. */
export function createInternalServer(readiness: ReadinessChecks, { registry }: Metrics): Server {
  const respond = async (url: string | undefined): Promise<Response> => {
    if (url === '/health/live') return json(200, { status: 'ok' });
    if (url === '/health/ready') {
      const { ready, checks } = await readiness.report();
      return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks });
    }
    if (url === '/metrics') return [200, registry.contentType, await registry.metrics()];
    return json(404, { status: 'not found' });
  };
  return createServer((request, response) => {
    void respond(request.url)
      .catch(() => json(500, { status: 'error' }))
      .then(([status, contentType, body]) =>
        response.writeHead(status, { 'Content-Type': contentType, 'Cache-Control': 'no-store' }).end(body),
      );
  });
}

function json(status: number, body: object): Response {
  return [status, 'application/json', JSON.stringify(body)];
}
