import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { KeySource } from '@repo/auth';
import { SettingsError } from '@repo/config';
import type { PublicJwk } from '@repo/contracts';
import { Database } from '@repo/database';
import { AuthConfig } from '../app.config.js';
import { decrypt, encrypt } from './encryption.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

/** Longest time until a replica signs with a key that another replica created. */
const CURRENT_FOR_MS = 30_000;

interface CurrentKey {
  kid: string;
  privateKey: KeyObject;
  readAt: number;
}

/** The key pairs that tokens are signed with. Private keys are stored encrypted, in the schema of this service only. */
@Injectable()
export class SigningKeysService implements Pick<KeySource, 'load'>, OnApplicationBootstrap {
  private current?: CurrentKey;

  constructor(
    private readonly keys: SigningKeysRepository,
    private readonly database: Database,
    private readonly config: AuthConfig,
  ) {}

  /** @throws SettingsError when SECRET_KEY does not decrypt the current key: every login would fail */
  async onApplicationBootstrap(): Promise<void> {
    await this.signingKey();
  }

  /** The public keys of all tokens that may still be valid. */
  async load(): Promise<PublicJwk[]> {
    await this.signingKey();
    const oldestToken = new Date(Date.now() - this.config.refreshSeconds * 1_000);
    return (await this.keys.findPublished(oldestToken)).map(({ publicJwk }) => publicJwk);
  }

  /** The key to sign with. The first call creates it. */
  async signingKey(): Promise<{ kid: string; privateKey: KeyObject }> {
    if (this.current && performance.now() - this.current.readAt < CURRENT_FOR_MS) return this.current;
    const stored = (await this.keys.findCurrent()) ?? (await this.create({ onlyIfNone: true }));
    const privateKey = createPrivateKey(this.decrypt(stored.encryptedPrivateKey));
    this.current = { kid: stored.kid, privateKey, readAt: performance.now() };
    return this.current;
  }

  /** Creates a key that signs all later tokens. Tokens signed with older keys stay valid until they expire. @returns its id */
  async rotate(): Promise<string> {
    const { kid } = await this.create({ onlyIfNone: false });
    this.current = undefined;
    await this.keys.deleteRetiredBefore(new Date(Date.now() - this.config.refreshSeconds * 1_000));
    return kid;
  }

  private create({
    onlyIfNone,
  }: {
    onlyIfNone: boolean;
  }): Promise<{ kid: string; encryptedPrivateKey: string }> {
    return this.database.transaction(async (tx) => {
      await this.keys.lock(tx);
      const existing = onlyIfNone ? await this.keys.findCurrent(tx) : null;
      if (existing) return existing;
      const key = newKey(this.config.SECRET_KEY);
      await this.keys.retireAll(tx);
      await this.keys.insert(key, tx);
      return key;
    });
  }

  private decrypt(encryptedPrivateKey: string): string {
    const { SECRET_KEY, SECRET_KEY_PREVIOUS } = this.config;
    const text =
      decrypt(encryptedPrivateKey, SECRET_KEY) ??
      (SECRET_KEY_PREVIOUS && decrypt(encryptedPrivateKey, SECRET_KEY_PREVIOUS));
    if (text) return text;
    throw new SettingsError([
      'SECRET_KEY: the signing key in the database was encrypted with another value. Set SECRET_KEY_PREVIOUS to that value, ' +
        'start, run `rotate-keys` and remove it. If the value is lost, run `rotate-keys` first: users stay logged in',
    ]);
  }
}

function newKey(secret: string): { kid: string; publicJwk: PublicJwk; encryptedPrivateKey: string } {
  const kid = randomUUID();
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string };
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  return {
    kid,
    publicJwk: { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' },
    encryptedPrivateKey: encrypt(pem, secret),
  };
}
