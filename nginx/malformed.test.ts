import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertProblem, closeAll, type Gateway, sendRaw, startGateway } from './testing/gateway.ts';

const MALFORMED = {
  'without a host': 'GET / HTTP/1.1\r\n\r\n',
  'with two hosts': 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'with a length and chunks':
    'POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'with two lengths':
    'POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd',
  'with a path above the root': 'GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n',
  'with a NUL in its path': 'GET /api/v1/user/%00 HTTP/1.1\r\nHost: a\r\n\r\n',
  'that is not HTTP': 'HELLO\r\n\r\n',
};

let gateway: Gateway;
before(async () => {
  gateway = await startGateway({ upstreams: {} });
});
after(closeAll);

describe('a request', () => {
  for (const [what, text] of Object.entries(MALFORMED))
    it(`${what} returns 400 as problem details`, async () => {
      assertProblem(await sendRaw(gateway, text), 400, 'Bad Request');
    });

  it('with an unknown transfer encoding returns 501', async () => {
    const head = 'POST /api/v1/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n';

    assertProblem(await sendRaw(gateway, head), 501, 'Not Implemented');
  });

  it('with an unknown version of HTTP returns 505', async () => {
    const head = 'GET /api/v1/users HTTP/3.0\r\nHost: a\r\n\r\n';

    assertProblem(await sendRaw(gateway, head), 505, 'HTTP Version Not Supported');
  });

  it('cannot add fields to problem details', async () => {
    const { body } = await sendRaw(
      gateway,
      'GET /no"thing\\,"a":1 HTTP/1.1\r\nHost: a\r\nX-Request-Id: ","a":"b\r\n\r\n',
    );

    assert.deepEqual(Object.keys(body), ['type', 'title', 'status', 'detail', 'instance', 'request_id']);
  });
});
