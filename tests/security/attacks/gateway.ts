import type { Attack } from '../attack.ts';
import { exchange, statusesIn } from '../client.ts';
import type { Fixture } from '../fixture.ts';
import { api, gateway } from '../../support/api.ts';

const CRLF = '\r\n';
const head = (line: string, ...headers: string[]) => [line, ...headers, '', ''].join(CRLF);
const get = (...headers: string[]) => head('GET /api/v1/health HTTP/1.1', 'Host: x', ...headers);
const post = (...headers: string[]) =>
  head('POST /api/v1/user HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...headers);
/** The request that the attacker wants to smuggle in. */
const SMUGGLED = head('GET /api/v1/users HTTP/1.1', 'Host: x');

type Where = 'the gateway' | 'a service';
const portOf = (fixture: Fixture, where: Where) =>
  where === 'the gateway' ? fixture.gatewayPort : fixture.ports.users!;

/** Sends these bytes. Expected is the status of each answer on the connection, in order. */
function raw(where: Where, name: string, bytes: string | Buffer, expected: string, asvs = '4.2.1'): Attack {
  return {
    name: `${name}, at ${where}`,
    asvs,
    api: 'API8',
    attempt: async (fixture) => statusesIn(await exchange(portOf(fixture, where), bytes)),
    expected,
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

/** A client that sends its request too slowly to complete it. */
function slow(name: string, first: string, more: string): Attack {
  return {
    name,
    asvs: '15.2.2',
    api: 'API4',
    attempt: async (fixture) => {
      const startedAt = Date.now();
      const parts = Array.from({ length: 40 }, () => more);
      await exchange(fixture.gatewayPort, [first, ...parts], { pauseMs: 700, quietMs: 20_000 });
      return Date.now() - startedAt < 20_000 ? 'disconnected within 20 s' : 'not disconnected';
    },
    expected: 'disconnected within 20 s',
  };
}

export const GATEWAY: Attack[] = [
  ...both(
    'Content-Length and Transfer-Encoding',
    post('Content-Length: 6', 'Transfer-Encoding: chunked') + `0${CRLF}${CRLF}${SMUGGLED}`,
    '400',
  ),
  ...both(
    'two Content-Length headers',
    post('Content-Length: 2', 'Content-Length: 60') + `{}${SMUGGLED}`,
    '400',
  ),
  ...both('two values in Content-Length', post('Content-Length: 2, 60') + `{}${SMUGGLED}`, '400'),
  ...both('a negative Content-Length', post('Content-Length: -1') + SMUGGLED, '400'),
  ...both('a Content-Length with a sign', post('Content-Length: +2') + `{}${SMUGGLED}`, '400'),
  ...both('a hexadecimal Content-Length', post('Content-Length: 0x2') + `{}${SMUGGLED}`, '400'),
  ...both(
    'Transfer-Encoding after a tab',
    post('Transfer-Encoding:\tchunked, identity', 'Content-Length: 5') + `0${CRLF}${CRLF}${SMUGGLED}`,
    '501',
    '400',
  ),
  raw(
    'the gateway',
    'two Transfer-Encoding headers',
    post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity') + `0${CRLF}${CRLF}${SMUGGLED}`,
    '400',
  ),
  raw(
    'the gateway',
    'an unknown Transfer-Encoding',
    post('Transfer-Encoding: xchunked') + `0${CRLF}${CRLF}${SMUGGLED}`,
    '501',
  ),
  ...both('a space before the colon', post('Transfer-Encoding : chunked', 'Content-Length: 2') + `{}`, '400'),
  ...both(
    'an invalid chunk size',
    post('Transfer-Encoding: chunked') + `zz${CRLF}{}${CRLF}0${CRLF}${CRLF}`,
    '400',
  ),
  ...both(
    'a chunk size that overflows',
    post('Transfer-Encoding: chunked') + `fffffffffffffffff${CRLF}{}`,
    '400',
    '400',
  ),
  raw(
    'the gateway',
    'a folded header',
    head('GET /api/v1/health HTTP/1.1', 'Host: x', 'X-A: b', ' Transfer-Encoding: chunked'),
    '400',
  ),
  ...both('NUL in a header', get('X-A: b\0c'), '400'),
  ...both('a lone CR in a header', get('X-A: b\rX-C: d'), '400'),
  raw('the gateway', 'no Host', head('GET /api/v1/health HTTP/1.1'), '400'),
  raw('the gateway', 'two Host headers', get('Host: y'), '400'),
  raw('the gateway', 'a path in Host', head('GET /api/v1/health HTTP/1.1', 'Host: x/../y'), '400'),
  raw('the gateway', 'HTTP/9.9', head('GET /api/v1/health HTTP/9.9', 'Host: x'), '505'),
  raw('the gateway', 'no HTTP version', `GET /api/v1/health${CRLF}${CRLF}`, 'closed without an answer'),
  raw('the gateway', 'an unknown method', head('FOO /api/v1/health HTTP/1.1', 'Host: x'), '405', '4.1.4'),
  raw('the gateway', 'TRACE', head('TRACE /api/v1/health HTTP/1.1', 'Host: x'), '405', '13.4.4'),
  raw(
    'the gateway',
    'CONNECT to another host',
    head('CONNECT 169.254.169.254:80 HTTP/1.1', 'Host: x'),
    '400',
    '4.1.4',
  ),
  raw(
    'the gateway',
    'a proxy request to another host',
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
  slow('a client that sends its headers byte by byte', 'GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX: ', 'a'),
  {
    name: 'a client that declares a body and sends none, at the gateway',
    asvs: '15.2.2',
    api: 'API4',
    attempt: async (fixture) => {
      const startedAt = Date.now();
      await exchange(fixture.gatewayPort, post('Content-Length: 50'), { quietMs: 20_000 });
      return Date.now() - startedAt < 15_000 ? 'disconnected within 15 s' : 'not disconnected';
    },
    expected: 'disconnected within 15 s',
  },
  {
    name: 'a client that declares a body and sends none, at a service',
    asvs: '15.2.2',
    api: 'API4',
    attempt: async (fixture) => {
      const startedAt = Date.now();
      await exchange(fixture.ports.users!, post('Content-Length: 50'), { quietMs: 30_000 });
      return Date.now() - startedAt < 20_000 ? 'disconnected within 20 s' : 'not disconnected';
    },
    expected: 'disconnected within 20 s',
  },
  {
    name: 'HTML as request id',
    asvs: '1.2.1',
    api: 'API8',
    attempt: async () => {
      const { headers } = await api('GET /health', {
        headers: { 'X-Request-Id': '<script>alert(1)</script>' },
      });
      return headers.get('x-request-id')?.includes('<') ? 'accepted' : 'replaced';
    },
    expected: 'replaced',
  },
  {
    name: 'a cross-origin request (CORS)',
    asvs: '3.4.2',
    api: 'API8',
    attempt: async () => {
      const { headers } = await api('GET /users', { headers: { Origin: 'https://evil.example' } });
      return `allowed: ${headers.get('access-control-allow-origin')}`;
    },
    expected: 'allowed: null',
  },
  {
    name: 'a cross-origin preflight (CORS)',
    asvs: '3.5.2',
    api: 'API8',
    attempt: async () => {
      const { headers } = await gateway('OPTIONS /api/v1/users', {
        headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'DELETE' },
      });
      return `allowed: ${headers.get('access-control-allow-methods')}`;
    },
    expected: 'allowed: null',
  },
  {
    name: 'names and versions of programs in headers',
    asvs: '13.4.6',
    api: 'API8',
    attempt: async () => {
      const answers = await Promise.all([
        api('GET /users'),
        api('GET /nothing'),
        gateway('GET /docs'),
        gateway('GET /%'),
      ]);
      const disclosed = answers.flatMap(({ headers }) =>
        ['x-powered-by', 'via', 'x-aspnet-version'].filter((name) => headers.has(name)),
      );
      const servers = new Set(answers.map(({ headers }) => headers.get('server')));
      return [...disclosed, ...servers].join(', ');
    },
    expected: 'nginx',
  },
  {
    name: 'missing security headers',
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
    expected: 'missing: none',
  },
  {
    name: 'own data in a shared cache',
    asvs: '14.3.2',
    api: 'API8',
    attempt: async ({ alice: { token } }) =>
      String((await api('GET /user/me', { token })).headers.get('cache-control')),
    expected: 'no-store',
  },
];
