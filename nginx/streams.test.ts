import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import { closeAll, type Gateway, listen, startGateway } from './testing/gateway.ts';

describe('a stream of a service', () => {
  let gateway: Gateway;
  const open: http.ServerResponse[] = [];

  before(async () => {
    const service = http.createServer((_request, response) => {
      open.push(response);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
    });
    const address = await listen(service, () => service.closeAllConnections());
    gateway = await startGateway({ upstreams: { jobs: [address] } });
  });
  after(closeAll);

  it('reaches the client part by part, and ends when the service ends it', async () => {
    const url = `http://127.0.0.1:${gateway.port}/api/v1/tasks/task/0193/events`;
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();

    assert.equal((await reader.read()).value, 'data: first\n\n');
    open[0]!.write('data: second\n\n');
    assert.equal((await reader.read()).value, 'data: second\n\n');
    open[0]!.end();
    assert.equal((await reader.read()).done, true);
  });
});
