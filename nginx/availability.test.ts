import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../tools/lib/ports.ts';
import {
  type Answer,
  assertProblem,
  closeAll,
  type Gateway,
  listen,
  replaced,
  send,
  startGateway,
  startService,
  UNAVAILABLE,
  until,
} from './testing/gateway.ts';

let users: string;
before(async () => {
  users = (await startService('users')).address;
});
after(closeAll);

const unusedAddress = async () => `127.0.0.1:${await freePort()}`;

describe('while a service is unavailable', () => {
  it('its routes return 503 immediately, with Retry-After, and other routes work', async () => {
    const withoutReplicas = await startGateway({ upstreams: { users: [users] } });
    const withDeadReplica = await startGateway({
      upstreams: { users: [users], auth: [await unusedAddress()] },
    });
    const start = Date.now();
    for (const gateway of [withoutReplicas, withDeadReplica]) {
      const answer = await send(gateway, '/api/v1/sessions');
      assertProblem(answer, 503, UNAVAILABLE, '/api/v1/sessions');
      assert.equal(answer.headers['retry-after'], '1');
      assertProblem(await send(gateway, '/api/v1/sessions/1', { method: 'DELETE' }), 503);
      assert.equal((await send(gateway, '/api/v1/users')).status, 200);
    }
    assert.ok(Date.now() - start < 6_000, 'a request has waited for the read timeout');
  });
});

describe('while one of two replicas is unavailable', () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await startGateway({ upstreams: { users: [users, await unusedAddress()] } });
  });

  for (const method of ['GET', 'POST', 'PATCH', 'DELETE'])
    it(`every ${method} reaches the other replica`, async () => {
      for (let round = 0; round < 20; round += 1) {
        const { status, body } = await send(gateway, '/api/v1/user/ann', { method });
        assert.deepEqual([status, body.url], [200, '/api/v1/user/ann']);
      }
    });
});

describe('while replicas break the connection after they received a request', () => {
  const received: (string | undefined)[] = [];
  let gateway: Gateway;
  before(async () => {
    const breaking = () =>
      listen(
        net.createServer((socket) =>
          socket
            .on('error', () => {})
            .once('data', (data) => {
              received.push(String(data).split(' ')[0]);
              socket.destroy();
            }),
        ),
      );
    gateway = await startGateway({ upstreams: { auth: [await breaking(), await breaking()] } });
  });

  for (const method of ['DELETE', 'POST', 'PATCH'])
    it(`a ${method} returns 503 and is not sent again`, async () => {
      received.length = 0;
      const answer = await send(gateway, '/api/v1/sessions/1', { method });

      assertProblem(answer, 503, UNAVAILABLE, '/api/v1/sessions/1');
      assert.deepEqual(received, [method]);
    });
});

describe('while a replica has 1,024 requests in work', () => {
  it('further requests return 503 immediately, and requests to other services work', async () => {
    const { address, waiting, release } = await startService('auth');
    const upstreams = { users: [users], auth: [address] };
    // The first requests wait for the last ones, which a slow machine sends late.
    const rewrite = (text: string) => replaced(text, 'proxy_read_timeout 6s', 'proxy_read_timeout 60s');
    const gateway = await startGateway({ upstreams, trustedProxies: ['127.0.0.0/8'], rewrite });
    // Of four networks: one may open 512 connections.
    const acceptedBy = (network: number) =>
      Array.from({ length: 256 }, () =>
        send(gateway, '/api/v1/sessions', {
          headers: { 'x-wait': '1', 'x-forwarded-for': `192.0.2.${network}` },
        }),
      );
    const accepted: Promise<Answer>[] = [];
    for (const network of [0, 1, 2, 3]) {
      // One network after another: each fits into the accept queue of the service.
      accepted.push(...acceptedBy(network));
      await until(() => waiting.length === accepted.length);
    }

    const refused = await Promise.all([
      send(gateway, '/api/v1/sessions'),
      send(gateway, '/api/v1/logout', { method: 'POST' }),
      send(gateway, '/api/v1/sessions/1', { method: 'DELETE' }),
    ]);
    const other = await send(gateway, '/api/v1/users');
    release();

    for (const answer of refused) assertProblem(answer, 503, UNAVAILABLE);
    assert.equal(refused[0]?.headers['retry-after'], '1');
    assert.equal(other.status, 200);
    for (const answer of await Promise.all(accepted)) assert.equal(answer.status, 200);
    assert.equal((await send(gateway, '/api/v1/sessions')).status, 200);
  });
});
