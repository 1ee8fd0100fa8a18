import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Api } from '../support/api.ts';
import { adminToken, createUser, type User } from '../support/users.ts';
import { apiFrom } from './client.ts';

/** The running system. */
export interface System {
  gatewayPort: number;
  /** Port by the name of a process: `posts`, its second replica `posts-2`, `nats`, `postgres`, … */
  ports: Record<string, number>;
  pids: Record<string, number | undefined>;
  /** The folder of its logs and secrets. */
  dir: string;
  /** The settings of an app. */
  env: (app: string) => NodeJS.ProcessEnv;
}

/** A key pair that the services trust. It signs tokens that are invalid in one thing other than the signature. */
interface TrustedKey {
  kid: string;
  privateKey: KeyObject;
}

/** The running system, and the users and clients that attack it. */
export interface Fixture extends System {
  admin: string;
  alice: User;
  bob: User;
  trustedKey: TrustedKey;
  secret: (name: string) => string;
  /** A client with an address that has sent no request yet. */
  newClient: () => Api;
  /** The API of one process at its own port, without the gateway. */
  service: (name: string, prefix?: string) => Api;
}

/** Services with an HTTP API, and their replicas. */
export const REPLICAS = ['auth', 'auth-2', 'users', 'users-2', 'posts', 'posts-2', 'jobs', 'jobs-2'];

export async function createFixture(system: System): Promise<Fixture> {
  const secret = (name: string) => readFileSync(join(system.dir, 'secrets', name), 'utf8').trim();
  let addresses = 0;
  const newAddress = () => {
    addresses += 1;
    return `127.${66 + Math.floor(addresses / 62_500)}.${Math.floor(addresses / 250) % 250}.${2 + (addresses % 250)}`;
  };
  return {
    ...system,
    secret,
    admin: await adminToken(),
    alice: await createUser(),
    bob: await createUser(),
    trustedKey: await addTrustedKey(system.ports.postgres!, secret('postgres_admin')),
    newClient: () => apiFrom(newAddress(), system.gatewayPort),
    service: (name, prefix) => apiFrom('127.0.0.1', system.ports[name]!, prefix),
  };
}

/** Adds a public key to those of the auth service, as a retired one. */
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
