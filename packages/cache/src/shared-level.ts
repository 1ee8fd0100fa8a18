import { neverUsedBefore, type RedisClient } from '@repo/redis';
import type { Result } from 'ioredis';

/** Which invalidations a reader had seen when it looked; it may write back only while there were no others. */
export type Version = Buffer;

export interface SharedRead {
  version: Version;
  /** Absent on a miss. */
  hit?: { bytes: Buffer; lifetimeMs: number };
}

/** A mark outlives the entries under it, and a lost mark only costs misses. */
const MIN_MARK_LIFETIME_MS = 600_000;
const MARK_LIFETIMES = 4;

/*
 * Every tag has a mark, and so has the whole cache (its epoch). An entry carries the marks that stood when its reader
 * began, and is a hit only while they all still stand. Invalidating deletes marks; the next reader makes new ones out
 * of a text that was never used before, so nothing that was once invalid can come back.
 */
const READ = `
  -- KEYS: entry, epoch, tag marks...   ARGV: new mark, its lifetime in ms (the epoch stays)
  local marks = redis.call('MGET', unpack(KEYS, 2))
  for i, mark in ipairs(marks) do
    if not mark then
      redis.call('SET', KEYS[i + 1], ARGV[1])
      if i > 1 then redis.call('PEXPIRE', KEYS[i + 1], ARGV[2]) end
      marks[i] = ARGV[1]
    end
  end
  local version = table.concat(marks, ' ')
  if redis.call('HGET', KEYS[1], 'version') ~= version then return { version } end
  return { version, redis.call('HGET', KEYS[1], 'bytes'), redis.call('PTTL', KEYS[1]) }
`;

const WRITE = `
  -- KEYS: entry, epoch, tag marks...   ARGV: version, bytes, lifetime in ms
  local marks = redis.call('MGET', unpack(KEYS, 2))
  for _, mark in ipairs(marks) do
    if not mark then return 0 end
  end
  if table.concat(marks, ' ') ~= ARGV[1] then return 0 end
  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'bytes', ARGV[2])
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

/** The second level: entries in Redis, shared by the replicas of a service. */
export class SharedLevel {
  /** What was true of the server when its entries were last known to be right. */
  private sound?: { connection: number; doubts: number };
  private doubts = 0;
  private settling?: Promise<void>;
  private readonly entryPrefix: string;

  constructor(
    private readonly redis: RedisClient,
    private readonly prefix: string,
    build: string,
  ) {
    this.entryPrefix = `${prefix}:entry:${build}:`;
    redis.defineCommand('readCacheEntry', READ);
    redis.defineCommand('writeCacheEntry', WRITE);
  }

  /** May the server hold entries that should have been invalidated? */
  get inDoubt(): boolean {
    return this.sound?.connection !== this.redis.connection || this.sound.doubts !== this.doubts;
  }

  /** An invalidation did not get through: nothing that is stored now may be used. */
  doubt(): void {
    this.doubts += 1;
  }

  async read(key: string, tags: readonly string[], lifetimeMs: number): Promise<SharedRead> {
    await this.settle();
    const markLifetimeMs = Math.max(MIN_MARK_LIFETIME_MS, Math.ceil(MARK_LIFETIMES * lifetimeMs));
    const keys = this.keys(key, tags);
    const [version, bytes, leftMs] = await this.redis.run((redis) =>
      redis.readCacheEntryBuffer(keys.length, ...keys, neverUsedBefore(), markLifetimeMs),
    );
    // A copy: the client's buffer is a window on a large chunk of the socket, which would be kept alive whole.
    return bytes && leftMs
      ? { version, hit: { bytes: Buffer.from(bytes), lifetimeMs: leftMs } }
      : { version };
  }

  /** Does nothing when anything was invalidated since `version` was read. */
  async write(
    key: string,
    tags: readonly string[],
    version: Version,
    bytes: Buffer,
    lifetimeMs: number,
  ): Promise<void> {
    const keys = this.keys(key, tags);
    await this.redis.run((redis) =>
      redis.writeCacheEntry(keys.length, ...keys, version, bytes, Math.ceil(lifetimeMs)),
    );
  }

  /** One command, whatever the tags cover; deleting works on a full server too. */
  async invalidate(tags: readonly string[]): Promise<void> {
    await this.redis.run((redis) => redis.unlink(tags.map((tag) => this.mark(tag))));
  }

  /** Ends doubt, if there is any; those who ask for it meanwhile share the work. */
  async settle(): Promise<void> {
    while (this.inDoubt)
      await (this.settling ??= this.beginEpoch().finally(() => (this.settling = undefined)));
  }

  /** Ends the life of all entries, for all replicas. */
  async beginEpoch(): Promise<void> {
    // Noted before the command: a doubt or a new connection that comes while it runs asks for another one.
    const sound = { connection: this.redis.connection, doubts: this.doubts };
    await this.redis.run((redis) => redis.unlink(this.epoch));
    this.sound = sound;
  }

  private keys(key: string, tags: readonly string[]): string[] {
    return [this.entryPrefix + key, this.epoch, ...tags.map((tag) => this.mark(tag))];
  }

  private get epoch(): string {
    return `${this.prefix}:epoch`;
  }

  private mark(tag: string): string {
    return `${this.prefix}:tag:${tag}`;
  }
}
