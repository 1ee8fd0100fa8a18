import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import type { Api } from '@repo/testing/api-client';
import { Client } from 'pg';
import { apiFrom } from './client.js';
import { join, type Person, superuser } from '../support/people.js';

/** The running system, as the runner hands it over. */
export interface System {
  gatewayPort: number;
  /** Port by name of a process: `posts`, its second replica `posts-2`, `nats`, `postgres`, … */
  ports: Record<string, number>;
  /** Process by name. */
  pids: Record<string, number>;
  /** Folder of logs and secrets. */
  dir: string;
  /** The settings of an app, to start another one like it. */
  env: (app: string) => NodeJS.ProcessEnv;
  root: string;
}

/** A key pair that the services trust: for tokens that are wrong in one thing, and that is not their signature. */
interface TrustedKey {
  kid: string;
  privateKey: KeyObject;
}

export interface World extends System {
  admin: string;
  alice: Person;
  bob: Person;
  trustedKey: TrustedKey;
  secret: (name: string) => string;
  /** A client whose address nobody has used before. */
  stranger: () => Api;
  /** The API of one process at its own port, without the gateway. */
  service: (name: string, prefix?: string) => Api;
}

/** Services with an HTTP API, and their replicas. */
export const REPLICAS = ['auth', 'auth-2', 'users', 'users-2', 'posts', 'posts-2', 'jobs', 'jobs-2'];

export async function makeWorld(system: System): Promise<World> {
  const secret = (name: string) => readFileSync(joinPath(system.dir, 'secrets', name), 'utf8').trim();
  let addresses = 0;
  const address = () => {
    addresses += 1;
    return `127.${66 + Math.floor(addresses / 62_500)}.${Math.floor(addresses / 250) % 250}.${2 + (addresses % 250)}`;
  };
  return {
    ...system,
    secret,
    admin: await superuser(),
    alice: await join(),
    bob: await join(),
    trustedKey: await addTrustedKey(system.ports.postgres!, secret('postgres_admin')),
    stranger: () => apiFrom(address(), system.gatewayPort),
    service: (name, prefix) => apiFrom('127.0.0.1', system.ports[name]!, prefix),
  };
}

/** Puts a public key beside those of the auth service, as one that does not sign any more. */
async function addTrustedKey(port: number, password: string): Promise<TrustedKey> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const kid = randomUUID();
  const jwk = { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' };
  const database = new Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'app' });
  await database.connect();
  try {
    await database.query(
      `INSERT INTO auth.signing_keys (kid, public_jwk, encrypted_private_key, retired_at) VALUES ($1, $2, '', now())`,
      [kid, jwk],
    );
  } finally {
    await database.end();
  }
  return { kid, privateKey };
}
