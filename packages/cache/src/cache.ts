import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { AppError } from '@repo/core';
import type { ReplicaBus } from '@repo/messaging';
import { boundKey, type RedisClient } from '@repo/redis';
import { LocalLevel, type Outcome } from './local-level.js';
import { SharedLevel } from './shared-level.js';
import { areFresh, type TagCell, TagCells } from './tag-cells.js';

/** How long a value may live, and what ends its life earlier. */
export interface CachePolicy {
  /** Invalidating any of them ends it. Build them with `cacheKey`, so that no input can forge one. */
  tags: readonly string[];
  ttlSeconds: number;
}

export interface CacheOptions {
  /** Replicas of one service share their entries. */
  service: string;
  /** Builds that differ here do not read each other's entries, but do invalidate them. */
  build?: string;
  enabled?: boolean;
  /** Bounds of the first level; by default 10,000 entries and 64 MB. */
  maxEntries?: number;
  maxBytes?: number;
}

/** Tells the replicas what no longer holds. `doubt`: Redis may not know of it. */
type CacheMessage = { tags: string[] | 'all'; doubt: boolean };

interface Flight {
  cells: TagCell[];
  result: Promise<Buffer>;
}

const NOT_FOUND_LIFETIME_MS = 2_000;
const MAX_VALUE_BYTES = 512 * 1_024;

/**
 * Values that are expensive to come by, kept in this process and in Redis, until their time is up or a tag of theirs
 * is invalidated. A read that starts after `invalidate` returned sees the change, on every replica.
 */
export class Cache implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  readonly enabled: boolean;
  private readonly cells = new TagCells();
  private readonly local: LocalLevel;
  private readonly shared: SharedLevel;
  private readonly flights = new Map<string, Flight>();
  private readonly topic: string;
  private stopListening: (() => void)[] = [];

  constructor(
    private readonly redis: RedisClient,
    private readonly bus: Pick<ReplicaBus, 'leaseValid' | 'listen' | 'broadcast'>,
    { service, build = '', enabled = true, maxEntries = 10_000, maxBytes = 64 * 1_024 * 1_024 }: CacheOptions,
  ) {
    this.enabled = enabled;
    this.topic = `cache.${service}`;
    this.local = new LocalLevel(this.cells, { maxEntries, maxBytes });
    this.shared = new SharedLevel(redis, `cache:${service}`, build);
  }

  /** A value as JSON keeps it: from the cache, or from `load`, which runs once for all who wait for it here. */
  async wrap<T>(key: string, policy: CachePolicy, load: () => Promise<T>): Promise<T> {
    const bytes = await this.wrapBytes(`value:${key}`, policy, async () =>
      Buffer.from(JSON.stringify((await load()) ?? null)),
    );
    return JSON.parse(bytes.toString()) as T;
  }

  /** As `wrap`, for bytes. They are shared: do not write to them. */
  async wrapBytes(key: string, policy: CachePolicy, load: () => Promise<Buffer>): Promise<Buffer> {
    if (!this.enabled) return load();
    const id = boundKey(key);
    if (this.bus.leaseValid) {
      const known = this.local.get(id);
      if (known) return contentOf(known);
      const running = this.flights.get(id);
      if (running && areFresh(running.cells)) return running.result;
    }
    return this.takeOff(id, { ...policy, tags: policy.tags.map(boundKey) }, load);
  }

  /** Ends the life of everything under these tags, on every replica. Call it after the commit. */
  async invalidate(...names: string[]): Promise<void> {
    if (!this.enabled || names.length === 0) return;
    const tags = names.map(boundKey);
    // Redis first: a reader that has already dropped its own copy must not find the old one there.
    const through = await succeeds(this.shared.invalidate(tags));
    await this.tell({ tags, doubt: !through });
  }

  /** Ends the life of everything. */
  async clear(): Promise<void> {
    if (!this.enabled) return;
    const through = await succeeds(this.shared.beginEpoch());
    await this.tell({ tags: 'all', doubt: !through });
  }

  async onModuleInit(): Promise<void> {
    if (!this.enabled) return;
    this.stopListening = [
      this.bus.listen<CacheMessage>(this.topic, {
        onMessage: (message) => this.apply(message),
        reload: () => this.cells.invalidateAll(),
      }),
      this.redis.onRecovered(() => void this.settle()),
    ];
    await this.settle();
  }

  /** A predecessor may have died between a commit and its invalidation. */
  onApplicationBootstrap(): void {
    void this.clear();
  }

  onApplicationShutdown(): void {
    for (const stop of this.stopListening) stop();
  }

  private async takeOff(key: string, policy: CachePolicy, load: () => Promise<Buffer>): Promise<Buffer> {
    const cells = this.cells.acquire(policy.tags);
    const flight: Flight = { cells, result: this.fetch(key, policy, cells, load) };
    this.flights.set(key, flight);
    try {
      return await flight.result;
    } finally {
      if (this.flights.get(key) === flight) this.flights.delete(key);
      this.cells.release(cells);
    }
  }

  private async fetch(
    key: string,
    { tags, ttlSeconds }: CachePolicy,
    cells: TagCell[],
    load: () => Promise<Buffer>,
  ): Promise<Buffer> {
    const keep = (outcome: Outcome, forMs: number) => {
      if (this.bus.leaseValid && areFresh(cells)) this.local.set(key, outcome, tags, forMs);
    };
    const lifetimeMs = ttlSeconds * 1_000;
    const read = await this.shared.read(key, tags, lifetimeMs).catch(() => undefined);
    if (read?.hit) {
      keep({ bytes: read.hit.bytes }, read.hit.lifetimeMs);
      return read.hit.bytes;
    }
    try {
      const bytes = await load();
      if (bytes.length > MAX_VALUE_BYTES) return bytes;
      keep({ bytes }, lifetimeMs);
      if (read) void succeeds(this.shared.write(key, tags, read.version, bytes, lifetimeMs));
      return bytes;
    } catch (error) {
      if (error instanceof AppError && error.status === 404) keep({ refusal: error }, NOT_FOUND_LIFETIME_MS);
      throw error;
    }
  }

  /** This replica hears it as well. */
  private tell(message: CacheMessage): Promise<void> {
    return this.bus.broadcast(this.topic, message);
  }

  private async apply({ tags, doubt }: CacheMessage): Promise<void> {
    if (doubt) this.shared.doubt();
    if (tags === 'all') this.cells.invalidateAll();
    else for (const tag of tags) this.cells.invalidate(tag);
    await this.settle();
  }

  /** While in doubt the second level is not used; the sooner that ends, the better. */
  private async settle(): Promise<void> {
    await succeeds(this.shared.settle());
  }
}

function contentOf(outcome: Outcome): Buffer {
  if ('refusal' in outcome) throw outcome.refusal;
  return outcome.bytes;
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
