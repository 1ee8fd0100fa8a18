import { createPublicKey, type KeyObject } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { UnavailableError } from '@repo/core';
import { KeySource } from './key-source.js';

/** Shortest time between two loads, because clients can send tokens with any number of unknown key ids. */
const LOAD_INTERVAL_MS = 250;
const RETRY_MS = 500;

/** The public keys of the auth service in memory, by key id. */
@Injectable()
export class KeySet implements OnApplicationBootstrap {
  private keys = new Map<string, KeyObject>();
  private loadedAt = Number.NEGATIVE_INFINITY;
  private loading?: Promise<void>;

  constructor(@Inject(KeySource) private readonly source: Pick<KeySource, 'load'>) {}

  /** Loads the keys before the first token, so that tokens are verified while the auth service is unavailable. */
  onApplicationBootstrap(): void {
    void this.loadFirst();
  }

  /** @returns undefined for an unknown id @throws UnavailableError when no key was loaded yet */
  async find(keyId: string): Promise<KeyObject | undefined> {
    const cached = this.keys.get(keyId);
    if (cached) return cached;
    try {
      await this.loadOnce();
    } catch (error) {
      if (this.keys.size === 0) throw new UnavailableError(undefined, { cause: error });
    }
    return this.keys.get(keyId);
  }

  private async loadFirst(): Promise<void> {
    while (this.keys.size === 0) {
      await this.loadOnce().catch(() => pause(RETRY_MS, undefined, { ref: false }));
    }
  }

  /** Starts a load, or returns the one that waits for its start. */
  private loadOnce(): Promise<void> {
    return (this.loading ??= this.load());
  }

  private async load(): Promise<void> {
    await pause(Math.max(0, this.loadedAt + LOAD_INTERVAL_MS - performance.now()), undefined, { ref: false });
    // Keys that are needed from here on may be newer than this load.
    this.loading = undefined;
    this.loadedAt = performance.now();
    const keys = await this.source.load();
    this.keys = new Map(keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]));
  }
}
