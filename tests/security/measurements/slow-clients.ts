import { connect, type Socket } from 'node:net';
import { percentile } from '../../support/statistics.ts';
import type { Fixture } from '../fixture.ts';
import { latencies } from './latency.ts';
import { type Measurement, rounded } from './measurement.ts';

const CLIENTS = 200;
const SECONDS = 30;

/** Measures the cost of clients that send one byte per second, and connect again when they are disconnected. */
export async function slowClients(fixture: Fixture): Promise<Measurement> {
  await latencies(fixture, 2);
  const idle = await latencies(fixture, 10);
  const sockets = new Set<Socket>();
  let ended = false;
  const connectSlowly = (index: number) => {
    if (ended) return;
    const socket = connect(fixture.gatewayPort, '127.0.0.1');
    sockets.add(socket);
    socket.write(
      index % 2 === 0
        ? 'POST /api/v1/user HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n'
        : 'GET /api/v1/users HTTP/1.1\r\nHost: x\r\nX: ',
    );
    const sending = setInterval(() => socket.write('x'), 1_000);
    socket.on('error', () => undefined);
    socket.resume().once('close', () => {
      clearInterval(sending);
      sockets.delete(socket);
      setTimeout(connectSlowly, 100, index);
    });
  };
  for (let index = 0; index < CLIENTS; index++) connectSlowly(index);
  const loaded = await latencies(fixture, SECONDS);
  ended = true;
  for (const socket of sockets) socket.destroy();
  const [p95Idle, p95Loaded] = [percentile(idle, 0.95), percentile(loaded, 0.95)];
  return {
    what: `p95 of other clients while ${CLIENTS} slow clients are connected for ${SECONDS} s`,
    actual: `${rounded(p95Loaded / p95Idle, 2)} × idle (${rounded(p95Idle)} → ${rounded(p95Loaded)} ms)`,
    limit: 'less than 2 × idle',
    ok: p95Loaded < 2 * p95Idle,
  };
}
