import { once } from 'node:events';
import { connect } from 'node:net';
import { percentile } from '../tests/support/statistics.ts';
import { createUser } from '../tests/support/users.ts';
import { rounded } from './support/compare.ts';
import { withStack } from './support/system.ts';

export const about = 'a thousand requests at the same time, each on a new connection through the gateway';

const REQUESTS = 1_000;
/** Client networks: the gateway allows each 512 connections. */
const NETWORKS = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'];
const ROUNDS = 5;
const TIMEOUT_MS = 10_000;

export const run = () =>
  withStack(async ({ gatewayUrl }) => {
    const user = await createUser();
    const routes = {
      'cached user': `/user/${user.username}`,
      'own user (token)': '/user/me',
      'list of users, uncached': '/users?id__gte=1',
    };
    const rows = [];
    for (const [name, path] of Object.entries(routes)) {
      // The first burst compiles code and opens connections.
      await burst(gatewayUrl, path, user.token);
      const rounds = [];
      for (let round = 0; round < ROUNDS; round++) rounds.push(await burst(gatewayUrl, path, user.token));
      const all = rounds.flat();
      const served = all.filter(({ status }) => status === 200).map(({ ms }) => ms);
      rows.push({
        route: name,
        'served of 1,000': served.length / ROUNDS,
        refused: all.filter(({ status }) => status === 503).length / ROUNDS,
        other: all.filter(({ status }) => status !== 200 && status !== 503).length / ROUNDS,
        'p50 ms': rounded(percentile(served, 0.5)),
        'slowest ms': rounded(Math.max(...served)),
      });
    }
    return rows;
  });

/** Status 0: no response. */
function burst(url: string, path: string, token: string): Promise<{ status: number; ms: number }[]> {
  const { hostname: host, port } = new URL(url);
  const request = `GET /api/v1${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`;
  const startedAt = performance.now();
  const one = async (index: number) => {
    const localAddress = NETWORKS[index % NETWORKS.length]!;
    const socket = connect({ host, port: Number(port), localAddress }).setTimeout(TIMEOUT_MS);
    socket.on('timeout', () => socket.destroy()).on('error', () => undefined);
    socket.write(request);
    const [data] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [Buffer | boolean];
    const status = Buffer.isBuffer(data) ? Number(data.toString('latin1', 9, 12)) : 0;
    socket.destroy();
    return { status, ms: performance.now() - startedAt };
  };
  return Promise.all(Array.from({ length: REQUESTS }, (_, index) => one(index)));
}
