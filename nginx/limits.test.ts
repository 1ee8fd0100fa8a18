import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import {
  assertProblem,
  closeAll,
  type Gateway,
  replaced,
  send,
  startGateway,
  startService,
} from './testing/gateway.ts';

let upstreams: Record<string, string[]>;
let gateway: Gateway;
before(async () => {
  const { address } = await startService('users');
  upstreams = { auth: [address], users: [address], posts: [address] };
  gateway = await startGateway({ upstreams });
});
after(closeAll);

const post = (path: string, body = '', headers = {}) =>
  send(gateway, path, { method: 'POST', body, headers });

describe('the gateway', () => {
  it('refuses a body that is too long, with and without its length', async () => {
    const body = 'x'.repeat(17_000);

    for (const headers of [{}, { 'transfer-encoding': 'chunked' }])
      assertProblem(await post('/api/v1/login', body, headers), 413, 'Payload Too Large', '/api/v1/login');
  });

  // #region only with posts
  it('accepts the longest valid post, and refuses a longer body', async () => {
    const longest = await post('/api/v1/ann/post', '\\ud83d\\ude00'.repeat(63_206));

    assert.equal(longest.body.bytes, 758_472);
    const longer = await post('/api/v1/ann/post', 'x'.repeat(900_000));
    assertProblem(longer, 413, 'Payload Too Large', '/api/v1/ann/post');
  });
  // #endregion

  it('refuses a URL that is too long', async () => {
    assertProblem(await send(gateway, `/api/v1/user/${'a'.repeat(9_000)}`), 414, 'URI Too Long');
    assertProblem(await send(gateway, `/api/v1/user/${'a'.repeat(140_000)}`), 414, 'URI Too Long', '');
  });

  // #region only with jobs
  it('accepts the longest valid message of a task', async () => {
    const message = '%F0%9F%98%80'.repeat(10_000);

    assertProblem(await post(`/api/v1/tasks/task?message=${message}`), 503); // there is no such service here
  });
  // #endregion

  it('refuses headers that are too long', async () => {
    for (const length of [13_000, 140_000]) {
      const answer = await send(gateway, '/api/v1/users', { headers: { 'x-long': 'a'.repeat(length) } });
      assertProblem(answer, 431, 'Request Header Fields Too Large');
    }
  });
});

describe('the limit of requests', () => {
  const networks = {
    'an IPv4 address': {
      own: ['203.0.113.7', '203.0.113.7', '203.0.113.7', '203.0.113.7', '::ffff:203.0.113.7'],
      other: '203.0.113.8',
    },
    'the first 64 bits of an IPv6 address': {
      own: ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:a:b:c:d', '2001:DB8:1:2:0:1::'],
      other: '2001:db8:1:3::1',
    },
    'the first 64 bits of a shortened IPv6 address': {
      own: ['2001:db8::1', '2001:db8:0:0:1:2:3:4', '2001:db8::a:b:c:d', '2001:db8::2'],
      other: '2001:db8:0:1::1',
    },
  };
  /** As configured, except for the limit: three requests at a time, and hardly any more after them. */
  let strict: Gateway;
  before(async () => {
    strict = await startGateway({
      upstreams,
      trustedProxies: ['127.0.0.0/8'],
      rewrite: (text) =>
        replaced(replaced(text, 'rate=20000r/s', 'rate=1r/m'), 'burst=20000 nodelay', 'burst=2 nodelay'),
    });
  });
  const from = (address: string) =>
    send(strict, '/api/v1/users', { headers: { 'x-forwarded-for': address } });

  for (const [network, { own, other }] of Object.entries(networks))
    it(`counts by ${network}`, async () => {
      const statuses = [];
      for (const address of own) statuses.push((await from(address)).status);

      assert.deepEqual(
        statuses,
        own.map((_, index) => (index < 3 ? 200 : 429)),
      );
      assertProblem(await from(own[0] ?? ''), 429, 'Rate limit exceeded.', '/api/v1/users');
      assert.equal((await from(other)).status, 200);
    });
});

describe('the limit of connections', () => {
  it('refuses a network whose clients hold too many open, and no other network', async () => {
    const strict = await startGateway({
      upstreams,
      trustedProxies: ['127.0.0.0/8'],
      rewrite: (text) => replaced(text, 'limit_conn connections 512', 'limit_conn connections 3'),
    });
    const sockets = [];
    for (let client = 1; client <= 3; client += 1) {
      const socket = net.connect(strict.port, '127.0.0.1').on('error', () => {});
      const head = `POST /api/v1/user HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 2001:db8::${client}\r\n`;
      socket.write(`${head}Expect: 100-continue\r\nContent-Length: 9000\r\n\r\n`);
      assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 100 /);
      sockets.push(socket);
    }
    const from = (address: string) =>
      send(strict, '/api/v1/users', { headers: { 'x-forwarded-for': address } });

    assertProblem(await from('2001:db8::4'), 429, 'Rate limit exceeded.', '/api/v1/users');
    assert.equal((await from('2001:db8:0:1::1')).status, 200);
    for (const socket of sockets) socket.destroy();
  });
});
