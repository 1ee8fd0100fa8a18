import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gateway } from '../../../support/api.ts';
import type { Stack } from '../stack.ts';

/**
 * The gateway, which serves TLS with the certificate of the guide, keeps it when a new one is invalid, and takes one that
 * certbot renews.
 */
export async function checkTls(stack: Stack, home: string, url: string): Promise<void> {
  const file = join(home, 'etc/secrets/tls_certificate');
  const former = join(home, 'former.pem');
  const isServed = (certificate: string) =>
    stack.run('curl', '--fail', '--silent', '--show-error', '--cacert', certificate, url);
  copyFileSync(file, former);
  writeFileSync(file, 'no certificate');
  await assert.rejects(stack.rollOut('nginx'), /failed with code 1/);
  await isServed(former);

  const challenges = join(home, 'acme/.well-known/acme-challenge');
  mkdirSync(challenges, { recursive: true });
  writeFileSync(join(challenges, 'token'), 'token.thumbprint');
  assert.equal((await gateway('GET /.well-known/acme-challenge/token')).text, 'token.thumbprint');
  await isServed(await renewCertificate(stack, join(home, 'lineage')));
}

/** Creates a certificate and runs the hook as certbot does. */
async function renewCertificate(stack: Stack, lineage: string): Promise<string> {
  mkdirSync(lineage);
  const certificate = join(lineage, 'fullchain.pem');
  const files = ['-keyout', join(lineage, 'privkey.pem'), '-out', certificate];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  await stack.run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...name, ...files);
  await stack.run('env', `RENEWED_LINEAGE=${lineage}`, 'infra/deploy/take-certificate.sh');
  return certificate;
}
