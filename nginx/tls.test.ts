import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../tools/lib/ports.ts';
import { closeAll, type Gateway, makeFolder, send, startGateway, startService } from './testing/gateway.ts';

let gateway: Gateway;
let tls: { port: number; ca: Buffer };
before(async () => {
  const dir = makeFolder();
  const [certificate, key] = [join(dir, 'tls_certificate'), join(dir, 'tls_key')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const options = ['-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, '-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', ...options], { stdio: 'ignore' });
  mkdirSync(join(dir, '.well-known/acme-challenge'), { recursive: true });
  writeFileSync(join(dir, '.well-known/acme-challenge/token'), 'the answer');
  tls = { port: await freePort(), ca: readFileSync(certificate) };
  gateway = await startGateway({
    upstreams: { users: [(await startService('users')).address] },
    tls: { listen: `127.0.0.1:${tls.port}`, certificate, key, acme: dir },
  });
});
after(closeAll);

describe('with a certificate', () => {
  it('the gateway serves the API over TLS, with HSTS', async () => {
    const { status, headers, body } = await send(tls, '/api/v1/users');

    assert.deepEqual([status, body.service, body.headers['x-forwarded-proto']], [200, 'users', 'https']);
    assert.match(headers['strict-transport-security'] ?? '', /max-age=\d{8}/);
  });

  it('plain requests of any method are redirected to https', async () => {
    for (const method of ['GET', 'POST']) {
      const call = { method, headers: { host: 'api.example' } };
      const { status, headers } = await send(gateway, '/api/v1/users?a=b', call);
      assert.deepEqual([status, headers.location], [308, 'https://api.example/api/v1/users?a=b']);
    }
  });

  it('ACME challenges are answered without TLS', async () => {
    const { status, text } = await send(gateway, '/.well-known/acme-challenge/token');

    assert.deepEqual([status, text], [200, 'the answer']);
  });
});
