import { randomUUID } from 'node:crypto';
import { TurnBatch } from '@repo/core';
import type { RedisClient } from '@repo/redis';
import type { Result } from 'ioredis';

/** Tag versions live longer than their entries. A lost version only causes misses. */
const MIN_VERSION_TTL_MS = 600_000;
const VERSION_TTL_FACTOR = 4;

/*
 * Each tag has a version in Redis, and so has the whole cache (its generation). An entry stores the versions from
 * before its load, and is a hit while all are current. Invalidating deletes versions. The next read creates new
 * ones from a UUID, so a stale entry cannot become current again.
 */
const READ = `
  -- KEYS: entry, generation, tag versions...   ARGV: new version, its TTL in ms (the generation has none)
  local versions = redis.call('MGET', unpack(KEYS, 2))
  for i, version in ipairs(versions) do
    if not version then
      redis.call('SET', KEYS[i + 1], ARGV[1])
      if i > 1 then redis.call('PEXPIRE', KEYS[i + 1], ARGV[2]) end
      versions[i] = ARGV[1]
    end
  end
  local current = table.concat(versions, ' ')
  if redis.call('HGET', KEYS[1], 'versions') ~= current then return { current } end
  return { current, redis.call('HGET', KEYS[1], 'bytes'), redis.call('PTTL', KEYS[1]) }
`;

const WRITE = `
  -- KEYS: entry, generation, tag versions...   ARGV: versions, bytes, TTL in ms
  local versions = redis.call('MGET', unpack(KEYS, 2))
  for _, version in ipairs(versions) do
    if not version then return 0 end
  end
  if table.concat(versions, ' ') ~= ARGV[1] then return 0 end
  redis.call('HSET', KEYS[1], 'versions', ARGV[1], 'bytes', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 1
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    readCacheEntryBuffer(
      keyCount: number,
      ...keysAndArguments: (string | number)[]
    ): Result<[Buffer, Buffer?, number?], Context>;
    writeCacheEntry(
      keyCount: number,
      ...keysAndArguments: (string | number | Buffer)[]
    ): Result<number, Context>;
  }
}

/**
 * The second level: entries in Redis, shared by the replicas of a service. After a reconnection or a missed
 * invalidation it must be reconciled, by a new generation, before its entries are used.
 */
export class SharedLevel {
  private missedInvalidations = 0;
  /** The connection and the missed invalidations at the last reconciliation. */
  private reconciled?: { connection: number; missed: number };
  private reconciling?: Promise<void>;
  private readonly invalidations = new TurnBatch<string[]>(async (keys) => {
    await this.redis.run((redis) => redis.unlink([...new Set(keys.flat())]));
  });
  private readonly entryPrefix: string;
  private readonly generationKey: string;

  constructor(
    private readonly redis: RedisClient,
    private readonly prefix: string,
    build: string,
  ) {
    this.entryPrefix = `${prefix}:entry:${build}:`;
    this.generationKey = `${prefix}:generation`;
    redis.defineCommand('readCacheEntry', READ);
    redis.defineCommand('writeCacheEntry', WRITE);
  }

  onMissedInvalidation(): void {
    this.missedInvalidations += 1;
  }

  /** `versions`: the generation and the tag versions at the time of the read. */
  async read(key: string, tags: readonly string[], ttlMs: number) {
    await this.reconcile();
    const versionTtlMs = Math.max(MIN_VERSION_TTL_MS, Math.ceil(VERSION_TTL_FACTOR * ttlMs));
    const keys = this.keys(key, tags);
    const [versions, bytes, leftMs] = await this.redis.run((redis) =>
      redis.readCacheEntryBuffer(keys.length, ...keys, randomUUID(), versionTtlMs),
    );
    // A copy: the client's buffer is a slice of a large chunk of the socket, which would stay in memory.
    return bytes && leftMs ? { versions, hit: { bytes: Buffer.from(bytes), ttlMs: leftMs } } : { versions };
  }

  async write(
    key: string,
    tags: readonly string[],
    versions: Buffer,
    bytes: Buffer,
    ttlMs: number,
  ): Promise<void> {
    const keys = this.keys(key, tags);
    await this.redis.run((redis) =>
      redis.writeCacheEntry(keys.length, ...keys, versions, bytes, Math.ceil(ttlMs)),
    );
  }

  /** Deletes the tag versions, those of one turn in one command. Deleting also works when Redis is full. */
  async invalidate(tags: readonly string[]): Promise<void> {
    await this.invalidations.add(tags.map((tag) => this.versionKey(tag)));
  }

  /** Starts a new generation if Redis may have stale entries. Concurrent calls share the work. */
  async reconcile(): Promise<void> {
    while (
      this.reconciled?.connection !== this.redis.connection ||
      this.reconciled.missed !== this.missedInvalidations
    )
      await (this.reconciling ??= this.newGeneration().finally(() => (this.reconciling = undefined)));
  }

  /** Discards all entries, for all replicas. */
  async newGeneration(): Promise<void> {
    // Read before the command, because a reconnection during the command needs another generation.
    const reconciled = { connection: this.redis.connection, missed: this.missedInvalidations };
    await this.redis.run((redis) => redis.unlink(this.generationKey));
    this.reconciled = reconciled;
  }

  private keys(key: string, tags: readonly string[]): string[] {
    return [this.entryPrefix + key, this.generationKey, ...tags.map((tag) => this.versionKey(tag))];
  }

  private versionKey(tag: string): string {
    return `${this.prefix}:tag:${tag}`;
  }
}
