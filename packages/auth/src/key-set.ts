import { createPublicKey, type KeyObject } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { UnavailableError } from '@repo/core';
import { KeySource } from './key-source.js';

/** Anybody can make up a key id: however many are asked for, the keys are loaded this often at most. */
const LOAD_INTERVAL_MS = 250;
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
    if (known) return known;
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

  /** A load that begins after now: one for all who ask meanwhile. */
  private loadOnce(): Promise<void> {
    return (this.loading ??= this.load());
  }

  private async load(): Promise<void> {
    await pause(Math.max(0, this.loadedAt + LOAD_INTERVAL_MS - performance.now()), undefined, { ref: false });
    this.loading = undefined; // What is asked from here on may be newer than the answer.
    this.loadedAt = performance.now();
    const keys = await this.source.load();
    this.keys = new Map(keys.map((jwk) => [jwk.kid, createPublicKey({ key: { ...jwk }, format: 'jwk' })]));
  }
}
