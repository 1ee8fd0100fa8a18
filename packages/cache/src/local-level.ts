import { LRUCache } from 'lru-cache';
import { areCurrent, type TagVersion, type TagVersions } from './tag-versions.js';

/** The result of a load: a value, or the NotFoundError that it threw. */
export type CachedResult = { bytes: Buffer } | { error: Error };

interface Entry {
  result: CachedResult;
  versions: TagVersion[];
}

/** Estimated size of an entry without its key and value. */
const OVERHEAD_BYTES = 300;

/** The first level: results in the memory of this process. */
export class LocalLevel {
  private readonly entries: LRUCache<string, Entry>;

  constructor(
    private readonly versions: TagVersions,
    { maxEntries, maxBytes }: { maxEntries: number; maxBytes: number },
  ) {
    this.entries = new LRUCache({
      max: maxEntries,
      maxSize: maxBytes,
      ttlResolution: 0,
      dispose: (entry) => versions.release(entry.versions),
    });
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: string): CachedResult | undefined {
    const entry = this.entries.get(key);
    if (!entry || areCurrent(entry.versions)) return entry?.result;
    this.entries.delete(key);
    return undefined;
  }

  set(key: string, result: CachedResult, tags: readonly string[], ttlMs: number): void {
    const content = 'bytes' in result ? result.bytes.length : 0;
    const size = OVERHEAD_BYTES + 2 * key.length + content;
    if (size > this.entries.maxSize) return void this.entries.delete(key);
    this.entries.set(key, { result, versions: this.versions.acquire(tags) }, { size, ttl: ttlMs });
  }
}
