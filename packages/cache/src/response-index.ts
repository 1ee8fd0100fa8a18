import { Injectable, Optional } from '@nestjs/common';
import { type EarlyResponse, EarlyResponses } from '@repo/core';
import { LRUCache } from 'lru-cache';
import { Cache } from './cache.js';

interface Entry {
  key: string;
  /** The cached bytes from which the entry was made. */
  bytes: Buffer;
  response: EarlyResponse;
}

const MAX_ENTRIES = 10_000;
const MAX_BYTES = 32 * 1_024 * 1_024;
const OVERHEAD_BYTES = 500;

/**
 * Cached responses by the URL of their request. An entry is valid as long as the cache returns the same bytes for its
 * key: the index knows nothing of expiry, invalidation and eviction.
 */
@Injectable()
export class ResponseIndex {
  private readonly entries = new LRUCache<string, Entry>({
    max: MAX_ENTRIES,
    maxSize: MAX_BYTES,
    sizeCalculation: ({ response }, url) => OVERHEAD_BYTES + 2 * url.length + response.length,
  });

  constructor(
    private readonly cache: Cache,
    @Optional() early?: EarlyResponses,
  ) {
    if (early) early.find = (url) => this.find(url);
  }

  /** Does nothing for a response that the cache does not keep in the memory of this process. */
  set(url: string, entry: Entry): void {
    if (this.cache.peek(entry.key) === entry.bytes) this.entries.set(url, entry);
  }

  private find(url: string): EarlyResponse | undefined {
    const entry = this.entries.get(url);
    if (!entry) return undefined;
    if (this.cache.peek(entry.key) === entry.bytes) return entry.response;
    this.entries.delete(url);
    return undefined;
  }
}
