// The WebSocket of docs/guides/web-sockets.md, with two replicas behind the gateway.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import { JwtService } from '@nestjs/jwt';
import { KeySet, Revocations, TokenVerifier } from '@repo/auth';
import { ChatServer } from '@repo/examples/dist/chat/chat.server.js';
import { MemoryNetwork, NoRevocations, TestKeySource, testToken } from '@repo/testing';
import { closeAll, type Gateway, listen, replaced, startGateway } from '../../nginx/testing/gateway.ts';

const LOCATION = `location = /api/v1/chat {
      set $service users;
      include snippets/stream.conf;
    }
    `;

describe('a WebSocket', () => {
  const replicas: ChatServer[] = [];
  let gateway: Gateway;

  before(async () => {
    const network = new MemoryNetwork();
    const upstreams = await Promise.all([startReplica(network), startReplica(network)]);
    gateway = await startGateway({
      upstreams: { users: upstreams },
      rewrite: (conf) =>
        replaced(conf, 'include services/auth.conf;', `${LOCATION}include services/auth.conf;`),
    });
  });
  after(closeAll);

  async function startReplica(network: MemoryNetwork): Promise<string> {
    const bus = network.join() as never;
    const revocations = new Revocations(bus, new NoRevocations());
    revocations.onApplicationBootstrap();
    const server = http.createServer();
    const tokens = new TokenVerifier(new JwtService(), new KeySet(new TestKeySource()), revocations);
    const replica = new ChatServer(tokens, bus, { httpAdapter: { getHttpServer: () => server } } as never);
    replica.onApplicationBootstrap();
    replicas.push(replica);
    return listen(server, () => server.closeAllConnections());
  }

  const connect = (token: string, path = '/api/v1/chat') =>
    new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`, ['bearer', token]);

  async function opened(id: number): Promise<WebSocket> {
    const client = connect(testToken({ id, username: `user${id}` }));
    await once(client, 'open');
    return client;
  }

  it('reaches the clients of all replicas, and is closed by a stop', async () => {
    const clients = await Promise.all([1, 2, 3, 4].map(opened));
    const received = clients.map(async (client) => {
      const [event] = (await once(client, 'message')) as [MessageEvent];
      return JSON.parse(String(event.data)) as object;
    });

    clients[0]!.send('hello');

    const message = { from: 'user1', text: 'hello' };
    assert.deepEqual(await Promise.all(received), [message, message, message, message]);

    const closed = clients.map(async (client) => ((await once(client, 'close')) as [CloseEvent])[0].code);
    replicas.forEach((replica) => replica.beforeApplicationShutdown());
    assert.deepEqual(await Promise.all(closed), [1012, 1012, 1012, 1012]);
  });

  it('is refused without a valid token, and on another path', async () => {
    const refused = [connect('wrong'), connect(testToken({ id: 1 }), '/api/v1/posts')];

    const codes = refused.map(async (client) => ((await once(client, 'close')) as [CloseEvent])[0].code);

    assert.deepEqual(await Promise.all(codes), [1006, 1006]);
  });
});
