import type { OnApplicationBootstrap, OnModuleInit } from '@nestjs/common';
import { AppError } from '@repo/core';
import type { ReplicaBus } from '@repo/messaging';
import { boundKey, type RedisClient } from '@repo/redis';
import { type CachedResult, LocalLevel } from './local-level.js';
import { SharedLevel } from './shared-level.js';
import { areCurrent, type TagVersion, TagVersions } from './tag-versions.js';

export interface CachePolicy {
  /** Invalidating one of them invalidates the value. `cacheKey` encodes input in them. */
  tags: readonly string[];
  ttlSeconds: number;
}

export interface CacheOptions {
  service: string;
  /** Builds do not read each other's entries, but invalidate them. */
  build?: string;
  enabled?: boolean;
  maxEntries?: number;
}

/** Broadcast of an invalidation. `missed`: Redis did not execute it. */
type CacheMessage = { tags: string[] | 'all'; missed: boolean };

const MAX_LOCAL_BYTES = 64 * 1_024 * 1_024;
const NOT_FOUND_TTL_MS = 2_000;
const MAX_VALUE_BYTES = 512 * 1_024;

/**
 * Caches values in this process and in Redis, until they expire or one of their tags is invalidated. A read
 * that starts after `invalidate` has returned sees the change, on every replica. While Redis is unavailable,
 * values are loaded.
 */
export class Cache implements OnModuleInit, OnApplicationBootstrap {
  readonly enabled: boolean;
  private readonly versions = new TagVersions();
  private readonly local: LocalLevel;
  private readonly shared: SharedLevel;
  private readonly inFlight = new Map<string, { versions: TagVersion[]; result: Promise<Buffer> }>();
  private readonly topic: string;

  constructor(
    private readonly redis: RedisClient,
    private readonly bus: Pick<ReplicaBus, 'leaseValid' | 'listen' | 'broadcast'>,
    { service, build = '', enabled = true, maxEntries = 10_000 }: CacheOptions,
  ) {
    this.enabled = enabled;
    this.topic = `cache.${service}`;
    this.local = new LocalLevel(this.versions, { maxEntries, maxBytes: MAX_LOCAL_BYTES });
    this.shared = new SharedLevel(redis, `cache:${service}`, build);
  }

  /** Returns a cached value, or loads and caches it as JSON. Parallel reads share a load (single flight). */
  async wrap<T>(key: string, policy: CachePolicy, load: () => Promise<T>): Promise<T> {
    const bytes = await this.wrapBytes(`value:${key}`, policy, async () =>
      Buffer.from(JSON.stringify((await load()) ?? null)),
    );
    return JSON.parse(bytes.toString()) as T;
  }

  /** Like `wrap`, for bytes. Callers share the buffer and must not change it. */
  async wrapBytes(key: string, policy: CachePolicy, load: () => Promise<Buffer>): Promise<Buffer> {
    if (!this.enabled) return load();
    const id = boundKey(key);
    if (this.bus.leaseValid) {
      const cached = this.local.get(id);
      if (cached && 'error' in cached) throw cached.error;
      if (cached) return cached.bytes;
      const running = this.inFlight.get(id);
      if (running && areCurrent(running.versions)) return running.result;
    }
    return this.startLoad(id, { ...policy, tags: policy.tags.map(boundKey) }, load);
  }

  /** The bytes in the memory of this process; undefined when there are none, or they cannot be used now. */
  peek(key: string): Buffer | undefined {
    if (!this.enabled || !this.bus.leaseValid) return undefined;
    const cached = this.local.get(boundKey(key));
    return cached && 'bytes' in cached ? cached.bytes : undefined;
  }

  /** Invalidates all values with one of these tags, on every replica. Call it after the commit. */
  async invalidate(...names: string[]): Promise<void> {
    if (!this.enabled || names.length === 0) return;
    const tags = names.map(boundKey);
    // Redis first: a replica that has dropped its own entry must not read the stale one there.
    const executed = await succeeds(this.shared.invalidate(tags));
    await this.bus.broadcast(this.topic, { tags, missed: !executed } satisfies CacheMessage);
  }

  async clear(): Promise<void> {
    if (!this.enabled) return;
    const executed = await succeeds(this.shared.newGeneration());
    await this.bus.broadcast(this.topic, { tags: 'all', missed: !executed } satisfies CacheMessage);
  }

  async onModuleInit(): Promise<void> {
    if (!this.enabled) return;
    this.bus.listen<CacheMessage>(this.topic, {
      onMessage: (message) => this.onInvalidated(message),
      reload: () => this.versions.invalidateAll(),
    });
    this.redis.onRecovered(() => void succeeds(this.shared.reconcile()));
    await succeeds(this.shared.reconcile());
  }

  /** A process may have exited between a commit and its invalidation. */
  onApplicationBootstrap(): void {
    void this.clear();
  }

  private async startLoad(key: string, policy: CachePolicy, load: () => Promise<Buffer>): Promise<Buffer> {
    const versions = this.versions.acquire(policy.tags);
    const running = { versions, result: this.readOrLoad(key, policy, versions, load) };
    this.inFlight.set(key, running);
    try {
      return await running.result;
    } finally {
      if (this.inFlight.get(key) === running) this.inFlight.delete(key);
      this.versions.release(versions);
    }
  }

  private async readOrLoad(
    key: string,
    { tags, ttlSeconds }: CachePolicy,
    versions: TagVersion[],
    load: () => Promise<Buffer>,
  ): Promise<Buffer> {
    const cache = (result: CachedResult, ttlMs: number) => {
      if (this.bus.leaseValid && areCurrent(versions)) this.local.set(key, result, tags, ttlMs);
    };
    const ttlMs = ttlSeconds * 1_000;
    const read = await this.shared.read(key, tags, ttlMs).catch(() => undefined);
    if (read?.hit) {
      cache({ bytes: read.hit.bytes }, read.hit.ttlMs);
      return read.hit.bytes;
    }
    try {
      const bytes = await load();
      if (bytes.length > MAX_VALUE_BYTES) return bytes;
      cache({ bytes }, ttlMs);
      if (read) void succeeds(this.shared.write(key, tags, read.versions, bytes, ttlMs));
      return bytes;
    } catch (error) {
      if (error instanceof AppError && error.status === 404) cache({ error }, NOT_FOUND_TTL_MS);
      throw error;
    }
  }

  private async onInvalidated({ tags, missed }: CacheMessage): Promise<void> {
    if (missed) this.shared.onMissedInvalidation();
    if (tags === 'all') this.versions.invalidateAll();
    else for (const tag of tags) this.versions.invalidate(tag);
    await succeeds(this.shared.reconcile());
  }
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
