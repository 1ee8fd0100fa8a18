import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { TcpProxy } from './tcp-proxy.js';

describe('a cable', () => {
  let echo: Server;
  let proxy: TcpProxy;
  let socket: Socket;
  let heard = '';

  beforeEach(async () => {
    heard = '';
    echo = createServer((near) => near.on('error', () => undefined).pipe(near));
    await once(echo.listen(0, '127.0.0.1'), 'listening');
    proxy = await TcpProxy.to((echo.address() as { port: number }).port);
    socket = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
    socket.on('data', (chunk) => (heard += chunk.toString()));
    await once(socket, 'connect');
  });

  afterEach(async () => {
    socket.destroy();
    await proxy.close();
    echo.close();
  });

  /** Whether by an error or not. */
  const closed = (end: Socket) => new Promise((resolve) => end.once('close', resolve));
  const hears = (text: string, timeoutMs?: number) =>
    eventually(
      async () => heard,
      (words) => words === text,
      { timeoutMs, intervalMs: 5 },
    );

  it('passes everything on', async () => {
    socket.write('hello');

    expect(await hears('hello')).toBe('hello');
  });

  it('holds back while it is frozen, and delivers once it is mended', async () => {
    socket.write('a');
    await hears('a');
    proxy.freeze();
    socket.write('b');
    expect(await hears('ab', 100)).toBe('a');

    proxy.mend();

    expect(await hears('ab')).toBe('ab');
  });

  it('ends connections, and refuses new ones while it is cut', async () => {
    const ended = closed(socket);
    proxy.cut();
    await ended;

    const another = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
    await closed(another);

    expect([socket.destroyed, another.destroyed]).toEqual([true, true]);
  });

  it('delays each way', async () => {
    proxy.delay(50);
    const since = performance.now();
    socket.write('late');

    await hears('late');

    expect(performance.now() - since).toBeGreaterThanOrEqual(95);
  });
});
