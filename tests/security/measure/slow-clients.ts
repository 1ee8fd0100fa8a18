import { connect, type Socket } from 'node:net';
import type { World } from '../world.js';
import { latencies, percentile } from './latency.js';
import { type Measurement, rounded } from './measurement.js';

const CLIENTS = 200;
const SECONDS = 30;

/** Clients that send a byte a second, and come back when they are cut; and what that does to everybody else. */
export async function slowClients(world: World): Promise<Measurement> {
  await latencies(world, 2);
  const idle = await latencies(world, 10);
  const sockets = new Set<Socket>();
  let over = false;
  const crawl = (index: number) => {
    if (over) return;
    const socket = connect(world.gatewayPort, '127.0.0.1');
    sockets.add(socket);
    const body = index % 2 === 0;
    socket.write(
      body
        ? 'POST /api/v1/user HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n'
        : 'GET /api/v1/users HTTP/1.1\r\nHost: x\r\nX: ',
    );
    const drip = setInterval(() => socket.write('x'), 1_000);
    socket.on('error', () => undefined);
    socket.resume().once('close', () => {
      clearInterval(drip);
      sockets.delete(socket);
      setTimeout(crawl, 100, index);
    });
  };
  for (let index = 0; index < CLIENTS; index++) crawl(index);
  const busy = await latencies(world, SECONDS);
  over = true;
  for (const socket of sockets) socket.destroy();
  const [quiet, loud] = [percentile(idle, 0.95), percentile(busy, 0.95)];
  return {
    what: `p95 of other clients while ${CLIENTS} slow ones hold on for ${SECONDS} s`,
    seen: `${rounded(loud / quiet, 2)} × idle (${rounded(quiet)} → ${rounded(loud)} ms)`,
    right: 'less than 2 × idle',
    ok: loud < 2 * quiet,
  };
}
