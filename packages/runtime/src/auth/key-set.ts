import { createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { UnavailableError } from '../errors/index.js';
import { KeySource } from './key-source.js';

/** Unknown key ids ask again at most this often: anybody can make one up. */
const RELOAD_INTERVAL_MS = 5_000;
const FIRST_LOAD_RETRY_MS = 500;

/** The public keys in memory, by key id. */
@Injectable()
export class KeySet implements OnApplicationBootstrap, OnApplicationShutdown {
  private keys = new Map<string, KeyObject>();
  private loadedAt = Number.NEGATIVE_INFINITY;
  private loading?: Promise<void>;
  private retry?: NodeJS.Timeout;

  constructor(private readonly source: KeySource) {}

  /** Before the first token comes: the auth service may be away by then. */
  onApplicationBootstrap(): void {
    void this.loadFirst();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.retry);
  }

  /**
   * @returns the key, or undefined when there is none of this id
   * @throws UnavailableError when no key could be loaded yet
   */
  async find(keyId: string): Promise<KeyObject | undefined> {
    const known = this.keys.get(keyId);
    if (known || performance.now() - this.loadedAt < RELOAD_INTERVAL_MS) return known;
    try {
      await this.loadOnce();
    } catch (error) {
      if (this.keys.size === 0) throw new UnavailableError(undefined, { cause: error });
    }
    return this.keys.get(keyId);
  }

  private async loadFirst(): Promise<void> {
    try {
      await this.loadOnce();
    } catch {
      this.retry = setTimeout(() => void this.loadFirst(), FIRST_LOAD_RETRY_MS).unref();
    }
  }

  /** Whoever asks while it loads waits for the same answer. */
  private loadOnce(): Promise<void> {
    return (this.loading ??= this.load().finally(() => (this.loading = undefined)));
  }

  private async load(): Promise<void> {
    const keys = await this.source.load();
    this.keys = new Map(keys.map((jwk) => [jwk.kid, createPublicKey({ key: { ...jwk }, format: 'jwk' })]));
    this.loadedAt = performance.now();
  }
}
