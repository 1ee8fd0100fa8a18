import { describe, expect, it } from '@jest/globals';
import { AccessLog } from './access-log.js';
import { Metrics } from './metrics.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const request = { method: 'GET', route: '/api/v1/:username/posts', status: 200, ms: 4.26 };

describe('AccessLog', () => {
  it('writes a JSON line for each request', () => {
    const lines: string[] = [];
    const log = new AccessLog('posts', new Metrics(), { write: (line) => lines.push(line) });
    const traceparent = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

    log.record({ ...request, origin: { requestId: 'request-1', traceparent }, userId: 7 });
    log.record({ ...request, route: '/"\\', origin: { requestId: 'request-2' } });

    expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
    const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'posts',
      method: 'GET',
      route: '/api/v1/:username/posts',
      status: 200,
      ms: 4.3,
      request_id: 'request-1',
      trace_id: TRACE_ID,
      user_id: 7,
      msg: 'GET /api/v1/:username/posts 200',
    });
    expect(second).toMatchObject({ route: '/"\\', request_id: 'request-2', msg: 'GET /"\\ 200' });
    expect(second).not.toHaveProperty('trace_id');
    expect(second).not.toHaveProperty('user_id');
  });

  it('counts the durations in a histogram by method, route and status', async () => {
    const metrics = new Metrics();
    const log = new AccessLog('posts', metrics, undefined);
    for (const ms of [1, 4.26, 9_000]) log.record({ ...request, ms, origin: { requestId: 'request-1' } });
    log.record({ ...request, status: 304, origin: { requestId: 'request-1' } });

    const text = await metrics.registry.metrics();

    const labels = 'method="GET",route="/api/v1/:username/posts",status="200"';
    expect(text).toContain('# TYPE http_request_duration_seconds histogram');
    expect(text).toContain(`http_request_duration_seconds_bucket{${labels},le="0.002"} 1`);
    expect(text).toContain(`http_request_duration_seconds_bucket{${labels},le="0.005"} 2`);
    expect(text).toContain(`http_request_duration_seconds_bucket{${labels},le="+Inf"} 3`);
    expect(text).toContain(`http_request_duration_seconds_count{${labels}} 3`);
    expect(text).toMatch(/http_request_duration_seconds_sum\{.*status="200"\} 9\.005/);
    expect(text).toContain('status="304",le="+Inf"} 1');
  });
});
