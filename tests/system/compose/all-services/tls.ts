import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { api, gateway } from '../../../support/api.ts';
import type { Stack } from '../stack.ts';

/** The gateway serves TLS with the certificate of the guide, keeps it when a new one is invalid, and takes a renewed one. */
export async function checkTls(stack: Stack, port: number, home: string): Promise<void> {
  const file = join(home, 'etc/secrets/tls_certificate');
  const certificate = readFileSync(file);
  await servesTls(port, certificate);
  await servesAcmeChallenge(join(home, 'acme'));
  writeFileSync(file, 'no certificate');
  await assert.rejects(stack.rollOut('nginx'), /failed with code 1/);
  await servesTls(port, certificate);
  await servesTls(port, await renewCertificate(stack, join(home, 'lineage')));
}

async function servesTls(port: number, ca: Buffer): Promise<void> {
  const sent = https.get({ host: 'localhost', port, path: '/api/v1/users', ca, agent: false });
  const [{ statusCode, headers }] = (await once(sent, 'response')) as [IncomingMessage];
  sent.destroy();
  assert.equal(statusCode, 200);
  assert.match(String(headers['strict-transport-security']), /max-age/);
  assert.equal((await api('GET /users')).status, 308);
}

/** The file that certbot creates for the certificate authority. */
async function servesAcmeChallenge(folder: string): Promise<void> {
  const challenges = join(folder, '.well-known/acme-challenge');
  mkdirSync(challenges, { recursive: true });
  writeFileSync(join(challenges, 'token'), 'token.thumbprint');
  assert.equal((await gateway('GET /.well-known/acme-challenge/token')).text, 'token.thumbprint');
}

/** Creates a certificate and runs the hook as certbot does. */
async function renewCertificate(stack: Stack, lineage: string): Promise<Buffer> {
  mkdirSync(lineage);
  const certificate = join(lineage, 'fullchain.pem');
  const files = ['-keyout', join(lineage, 'privkey.pem'), '-out', certificate];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...name, ...files], {
    stdio: 'ignore',
  });
  await stack.run('env', `RENEWED_LINEAGE=${lineage}`, 'infra/deploy/take-certificate.sh');
  return readFileSync(certificate);
}
