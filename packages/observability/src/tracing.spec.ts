import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { requestContext } from '@repo/core';
import { runInSpan, startSpan, startTracing } from './index.js';

interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  status: { code: number; message?: string };
}

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const SERVER = 2;
const ERROR = 2;
const received: ReceivedSpan[] = [];
const services = new Set<string>();
const collector = createServer((request, response) => {
  void text(request).then((body) => {
    if (request.url === '/v1/traces') {
      for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
        services.add(JSON.stringify(resource.attributes));
        for (const { spans } of scopeSpans) received.push(...spans);
      }
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});
let stop: () => Promise<void>;

describe('tracing', () => {
  beforeAll(async () => {
    await once(collector.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => {
    collector.closeAllConnections();
    collector.close();
  });

  it('runs work without a span when there is no collector', async () => {
    expect(startSpan('x', 'server', PARENT)).toBeUndefined();
    expect(
      await runInSpan(
        'x',
        'server',
        { requestId: 'r', traceparent: PARENT },
        () => requestContext()?.traceparent,
      ),
    ).toBe(PARENT);
  });

  it('sends spans to a collector, each with its parent', async () => {
    const { port } = collector.address() as AddressInfo;
    stop = await startTracing('posts', `http://127.0.0.1:${port}/`);
    const outer = startSpan('GET /x', 'server', PARENT)!;
    const traceparent = await runInSpan(
      'users.get-user',
      'server',
      { requestId: 'r', traceparent: outer.traceparent },
      () => requestContext()!.traceparent!,
    );
    const failing = runInSpan('post.created', 'consumer', { requestId: 'r', traceparent }, () => {
      throw new Error('no luck');
    });
    await expect(failing).rejects.toThrow('no luck');
    outer.end({ 'http.response.status_code': 200 });
    await stop();

    const named = (name: string) => received.find((span) => span.name === name)!;
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ traceId }) => traceId)).size).toBe(1);
    expect(named('GET /x')).toMatchObject({ parentSpanId: '00f067aa0ba902b7', kind: SERVER });
    expect(named('users.get-user').parentSpanId).toBe(named('GET /x').spanId);
    expect(traceparent).toBe(`00-${named('users.get-user').traceId}-${named('users.get-user').spanId}-01`);
    expect(named('post.created')).toMatchObject({
      parentSpanId: named('users.get-user').spanId,
      status: { code: ERROR, message: 'Error: no luck' },
    });
    expect([...services].join()).toContain('posts');
    expect(startSpan('x', 'server', PARENT)).toBeUndefined();
  });
});
