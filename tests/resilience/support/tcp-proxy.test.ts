import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { TcpProxy } from './tcp-proxy.ts';

describe('TcpProxy', () => {
  let echo: Server;
  let proxy: TcpProxy;
  let socket: Socket;
  let received = '';

  beforeEach(async () => {
    received = '';
    echo = createServer((near) => near.on('error', () => undefined).pipe(near));
    await once(echo.listen(0, '127.0.0.1'), 'listening');
    proxy = await TcpProxy.to((echo.address() as AddressInfo).port);
    socket = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
    socket.on('data', (chunk) => (received += chunk.toString()));
    await once(socket, 'connect');
  });

  afterEach(async () => {
    socket.destroy();
    await proxy.close();
    echo.close();
  });

  const closed = (end: Socket) => new Promise((resolve) => end.once('close', resolve));
  const receivedWithin = (text: string, timeoutMs?: number) =>
    eventually(
      async () => received,
      (actual) => actual === text,
      { timeoutMs, intervalMs: 5 },
    );

  it('passes all bytes on in both directions', async () => {
    socket.write('hello');

    assert.equal(await receivedWithin('hello'), 'hello');
  });

  it('passes no byte on while it is frozen, and delivers all of them when it is restored', async () => {
    socket.write('a');
    await receivedWithin('a');
    proxy.freeze();
    socket.write('b');
    assert.equal(await receivedWithin('ab', 100), 'a');

    proxy.restore();

    assert.equal(await receivedWithin('ab'), 'ab');
  });

  it('resets connections and refuses new ones while it is cut', async () => {
    const ended = closed(socket);
    proxy.cut();
    await ended;

    const another = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
    await closed(another);

    assert.deepEqual([socket.destroyed, another.destroyed], [true, true]);
  });

  it('delays both directions while a delay is set', async () => {
    proxy.delay(50);
    const startedAt = performance.now();
    socket.write('late');

    await receivedWithin('late');

    assert.ok(performance.now() - startedAt >= 95);
  });
});
