import { LRUCache } from 'lru-cache';
import { areFresh, type TagCell, type TagCells } from './tag-cells.js';

/** What a load came to: bytes, or the refusal (not found) that it threw. */
export type Outcome = { bytes: Buffer } | { refusal: Error };

interface Entry {
  outcome: Outcome;
  cells: TagCell[];
  expiresAt: number;
}

export interface LocalLevelBounds {
  maxEntries: number;
  maxBytes: number;
}

/** A rough account of what an entry costs besides its key and bytes. */
const OVERHEAD_BYTES = 300;

/** The first level: outcomes in the memory of this process. */
export class LocalLevel {
  private readonly entries: LRUCache<string, Entry>;

  constructor(
    private readonly cells: TagCells,
    { maxEntries, maxBytes }: LocalLevelBounds,
  ) {
    this.entries = new LRUCache({
      max: maxEntries,
      maxSize: maxBytes,
      dispose: (entry) => cells.release(entry.cells),
    });
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: string): Outcome | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    if (entry.expiresAt > performance.now() && areFresh(entry.cells)) return entry.outcome;
    this.entries.delete(key);
    return undefined;
  }

  set(key: string, outcome: Outcome, tags: readonly string[], lifetimeMs: number): void {
    const content = 'bytes' in outcome ? outcome.bytes.length : 0;
    const size = OVERHEAD_BYTES + 2 * key.length + content;
    if (size > this.entries.maxSize) return void this.entries.delete(key);
    const entry = { outcome, cells: this.cells.acquire(tags), expiresAt: performance.now() + lifetimeMs };
    this.entries.set(key, entry, { size });
  }
}
