import type { Attack } from '../attack.js';
import { exchange, statusesIn } from '../client.js';
import type { World } from '../world.js';
import { api, gateway } from '../../support/gateway.js';

const CRLF = '\r\n';
const head = (line: string, ...headers: string[]) => [line, ...headers, '', ''].join(CRLF);
const get = (...headers: string[]) => head('GET /api/v1/health HTTP/1.1', 'Host: x', ...headers);
const post = (...headers: string[]) =>
  head('POST /api/v1/user HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...headers);
/** What the attacker hopes to slip in as a request of somebody else. */
const SMUGGLED = head('GET /api/v1/users HTTP/1.1', 'Host: x');

type Where = 'the gateway' | 'a service';
const portOf = (world: World, where: Where) =>
  where === 'the gateway' ? world.gatewayPort : world.ports.users!;

/** Bytes as they are; right is the status of each answer on the connection, in order. */
function raw(where: Where, name: string, bytes: string | Buffer, right: string, asvs = '4.2.1'): Attack {
  return {
    name: `${name}, at ${where}`,
    asvs,
    api: 'API8',
    attempt: async (world) => statusesIn(await exchange(portOf(world, where), bytes)),
    right,
  };
}

/** The same at the gateway and at a service. */
const both = (
  name: string,
  bytes: string,
  atGateway: string,
  atService = atGateway,
  asvs?: string,
): Attack[] => [
  raw('the gateway', name, bytes, atGateway, asvs),
  raw('a service', name, bytes, atService, asvs),
];

/** A client that never gets to the end; right is how the connection ends within 20 s. */
function slow(name: string, first: string, more: string): Attack {
  return {
    name,
    asvs: '15.2.2',
    api: 'API4',
    attempt: async (world) => {
      const startedAt = Date.now();
      const drops = Array.from({ length: 40 }, () => more);
      await exchange(world.gatewayPort, [first, ...drops], { pauseMs: 700, quietMs: 20_000 });
      return Date.now() - startedAt < 20_000 ? 'cut within 20 s' : 'not cut';
    },
    right: 'cut within 20 s',
  };
}

export const GATEWAY: Attack[] = [
  ...both(
    'length and chunks in one request',
    post('Content-Length: 6', 'Transfer-Encoding: chunked') + `0${CRLF}${CRLF}${SMUGGLED}`,
    '400',
  ),
  ...both('two lengths', post('Content-Length: 2', 'Content-Length: 60') + `{}${SMUGGLED}`, '400'),
  ...both('two lengths in one header', post('Content-Length: 2, 60') + `{}${SMUGGLED}`, '400'),
  ...both('a negative length', post('Content-Length: -1') + SMUGGLED, '400'),
  ...both('a length with a sign', post('Content-Length: +2') + `{}${SMUGGLED}`, '400'),
  ...both('a length in hex', post('Content-Length: 0x2') + `{}${SMUGGLED}`, '400'),
  ...both(
    'chunks under a disguise (tab)',
    post('Transfer-Encoding:\tchunked, identity', 'Content-Length: 5') + `0${CRLF}${CRLF}${SMUGGLED}`,
    '501',
    '400',
  ),
  raw(
    'the gateway',
    'two encodings',
    post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity') + `0${CRLF}${CRLF}${SMUGGLED}`,
    '400',
  ),
  raw(
    'the gateway',
    'an encoding that nobody knows',
    post('Transfer-Encoding: xchunked') + `0${CRLF}${CRLF}${SMUGGLED}`,
    '501',
  ),
  ...both('a space before the colon', post('Transfer-Encoding : chunked', 'Content-Length: 2') + `{}`, '400'),
  ...both(
    'a chunk size that is none',
    post('Transfer-Encoding: chunked') + `zz${CRLF}{}${CRLF}0${CRLF}${CRLF}`,
    '400',
  ),
  ...both(
    'a chunk size beyond all numbers',
    post('Transfer-Encoding: chunked') + `fffffffffffffffff${CRLF}{}`,
    '400',
    '400',
  ),
  raw(
    'the gateway',
    'a header over two lines',
    head('GET /api/v1/health HTTP/1.1', 'Host: x', 'X-A: b', ' Transfer-Encoding: chunked'),
    '400',
  ),
  ...both('NUL in a header', get('X-A: b\0c'), '400'),
  ...both('a line break of its own in a header', get('X-A: b\rX-C: d'), '400'),
  raw('the gateway', 'no Host', head('GET /api/v1/health HTTP/1.1'), '400'),
  raw('the gateway', 'two Hosts', get('Host: y'), '400'),
  raw('the gateway', 'a Host that is a path', head('GET /api/v1/health HTTP/1.1', 'Host: x/../y'), '400'),
  raw('the gateway', 'a version of the future', head('GET /api/v1/health HTTP/9.9', 'Host: x'), '505'),
  raw('the gateway', 'no version', `GET /api/v1/health${CRLF}${CRLF}`, 'hung up'),
  raw(
    'the gateway',
    'a method that nobody knows',
    head('FOO /api/v1/health HTTP/1.1', 'Host: x'),
    '405',
    '4.1.4',
  ),
  raw('the gateway', 'TRACE', head('TRACE /api/v1/health HTTP/1.1', 'Host: x'), '405', '13.4.4'),
  raw(
    'the gateway',
    'CONNECT to somewhere else',
    head('CONNECT 169.254.169.254:80 HTTP/1.1', 'Host: x'),
    '400',
    '4.1.4',
  ),
  raw(
    'the gateway',
    'a proxy request to somewhere else',
    head('GET http://169.254.169.254/latest HTTP/1.1', 'Host: 169.254.169.254', 'Connection: close'),
    '404',
    '1.3.6',
  ),
  raw(
    'the gateway',
    'an upgrade to HTTP/2 (h2c)',
    get(
      'Connection: Upgrade, HTTP2-Settings, close',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
    ),
    '200',
  ),
  raw(
    'the gateway',
    'an upgrade to a WebSocket',
    get('Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13'),
    '200',
  ),
  raw(
    'the gateway',
    'the start of a TLS connection',
    Buffer.from('160301020001000 1fc0303'.replace(' ', ''), 'hex'),
    '400',
  ),
  raw('the gateway', 'the start of an HTTP/2 connection', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400'),
  raw(
    'the gateway',
    '1,000 headers',
    get(...Array.from({ length: 1_000 }, (_, i) => `X-${i}: 0123456789`)),
    '431',
    '15.2.2',
  ),
  slow('a client that sends its header byte by byte', 'GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX: ', 'a'),
  {
    name: 'a client that promises a body and sends none of it',
    asvs: '15.2.2',
    api: 'API4',
    attempt: async (world) => {
      const startedAt = Date.now();
      await exchange(world.gatewayPort, post('Content-Length: 50'), { quietMs: 20_000 });
      return Date.now() - startedAt < 15_000 ? 'cut within 15 s' : 'not cut';
    },
    right: 'cut within 15 s',
  },
  {
    name: 'a slow client at a service itself',
    asvs: '15.2.2',
    api: 'API4',
    attempt: async (world) => {
      const startedAt = Date.now();
      await exchange(world.ports.users!, post('Content-Length: 50'), { quietMs: 30_000 });
      return Date.now() - startedAt < 20_000 ? 'cut within 20 s' : 'not cut';
    },
    right: 'cut within 20 s',
  },
  {
    name: 'a request id that is HTML',
    asvs: '1.2.1',
    api: 'API8',
    attempt: async () => {
      const { headers } = await api('GET /health', {
        headers: { 'X-Request-Id': '<script>alert(1)</script>' },
      });
      return headers.get('x-request-id')?.includes('<') ? 'taken over' : 'a new one';
    },
    right: 'a new one',
  },
  {
    name: 'a page of another site that wants to read answers (CORS)',
    asvs: '3.4.2',
    api: 'API8',
    attempt: async () => {
      const { headers } = await api('GET /users', { headers: { Origin: 'https://evil.example' } });
      return `allowed: ${headers.get('access-control-allow-origin')}`;
    },
    right: 'allowed: null',
  },
  {
    name: 'a page of another site that asks whether it may (preflight)',
    asvs: '3.5.2',
    api: 'API8',
    attempt: async () => {
      const { headers } = await gateway('OPTIONS /api/v1/users', {
        headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'DELETE' },
      });
      return `allowed: ${headers.get('access-control-allow-methods')}`;
    },
    right: 'allowed: null',
  },
  {
    name: 'a look for names and versions of programs',
    asvs: '13.4.6',
    api: 'API8',
    attempt: async () => {
      const answers = await Promise.all([
        api('GET /users'),
        api('GET /nothing'),
        gateway('GET /docs'),
        gateway('GET /%'),
      ]);
      const told = answers.flatMap(({ headers }) =>
        ['x-powered-by', 'via', 'x-aspnet-version'].filter((name) => headers.has(name)),
      );
      const servers = new Set(answers.map(({ headers }) => headers.get('server')));
      return [...told, ...servers].join(', ');
    },
    right: 'nginx',
  },
  {
    name: 'a look for a header that is missing',
    asvs: '3.4.4',
    api: 'API8',
    attempt: async () => {
      const answers = await Promise.all([
        api('GET /users'),
        api('GET /nothing'),
        api('GET /user/me'),
        gateway('GET /docs'),
      ]);
      const wanted = [
        'x-content-type-options',
        'x-frame-options',
        'referrer-policy',
        'content-security-policy',
        'x-request-id',
      ];
      const missing = answers.flatMap(({ headers }) => wanted.filter((name) => !headers.has(name)));
      return `missing: ${missing.join(', ') || 'none'}`;
    },
    right: 'missing: none',
  },
  {
    name: "one's own data, kept by a cache on the way",
    asvs: '14.3.2',
    api: 'API8',
    attempt: async ({ alice: { token } }) =>
      String((await api('GET /user/me', { token })).headers.get('cache-control')),
    right: 'no-store',
  },
];
