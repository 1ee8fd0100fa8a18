import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { closeAll, type Gateway, listen, startGateway } from './testing/gateway.ts';

after(closeAll);

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

describe('a WebSocket of a service', () => {
  let gateway: Gateway;
  let upgrades = 0;

  before(async () => {
    const service = http.createServer((_request, response) => response.end('no WebSocket'));
    service.on('upgrade', (_request, socket) => {
      upgrades += 1;
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      socket.pipe(socket);
    });
    const address = await listen(service, () => service.closeAllConnections());
    gateway = await startGateway({ upstreams: { jobs: [address], users: [address] } });
  });

  const STREAM = '/api/v1/tasks/task/0193/events';

  it('carries messages in both directions, and ends when one side ends it', async () => {
    const { response, socket } = await upgrade(STREAM, 'websocket');

    assert.equal(response.statusCode, 101);
    for (const message of ['first', 'second']) {
      socket!.write(message);
      assert.equal(String((await once(socket!, 'data'))[0]), message);
    }
    socket!.end();
    await once(socket!, 'close');
  });

  it('is refused on other routes, as is another protocol', async () => {
    const before = upgrades;

    assert.equal((await upgrade('/api/v1/users', 'websocket')).response.statusCode, 200);
    assert.equal((await upgrade(STREAM, 'h2c')).response.statusCode, 200);
    assert.equal(upgrades, before);
  });

  async function upgrade(path: string, protocol: string) {
    const headers = { Connection: 'Upgrade', Upgrade: protocol };
    const request = http.get({ host: '127.0.0.1', port: gateway.port, path, headers, timeout: 5_000 });
    const [response, socket] = (await Promise.race([
      once(request, 'upgrade'),
      once(request, 'response'),
    ])) as [http.IncomingMessage, Socket?];
    if (!socket) response.resume();
    return { response, socket };
  }
});
