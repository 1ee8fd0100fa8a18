import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ShortTurns } from './short-turns.js';

const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const BUSY = 64;
const NEW = 100;

describe('ShortTurns', () => {
  const sockets: Socket[] = [];
  let server: Server;

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  async function start(): Promise<void> {
    const turns = new ShortTurns();
    server = createServer((_request, response) => turns.run(() => response.end('done')));
    turns.watch(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
  }

  /** Sends a request again after each response. */
  function keepBusy(onResponse: () => void): Socket {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1').on('data', () => {
      onResponse();
      socket.write(REQUEST);
    });
    sockets.push(socket);
    socket.write(REQUEST);
    return socket;
  }

  it('responds to new connections while others send requests all the time', async () => {
    await start();
    let responses = 0;
    const busy = Array.from({ length: BUSY }, () => keepBusy(() => (responses += 1)));
    await Promise.all(busy.map((socket) => once(socket, 'data')));
    responses = 0;

    const added = Array.from({ length: NEW }, () => keepBusy(() => undefined));
    await Promise.all(added.map((socket) => once(socket, 'data')));

    // One connection per turn, each with a request of every other connection, would be more than BUSY * NEW.
    expect(responses).toBeLessThan((BUSY * NEW) / 4);
  });

  it('starts requests in their order', async () => {
    const turns = new ShortTurns();
    server = createServer();
    turns.watch(server);
    const started: number[] = [];
    server.emit(
      'connection',
      connect(0, '127.0.0.1').on('error', () => undefined),
    );
    for (let n = 0; n < 20; n++) turns.run(() => started.push(n));
    expect(started).toEqual([]);

    while (started.length < 20) await new Promise((resolve) => setImmediate(resolve));

    expect(started).toEqual(Array.from({ length: 20 }, (_, n) => n));
    turns.run(() => started.push(20));
    expect(started.at(-1)).toBe(20);
  });
});
