import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { UnavailableError } from '@repo/core';
import { Redis } from 'ioredis';
import { expectServer } from './expect-server.js';
import type { RedisConnection } from './redis-settings.js';

const TIMEOUT_MS = 100;
/** The last part of the timeout, and its duration after a stall of this process. */
const LAST_PART_MS = 20;
const LAST_PART_AFTER_STALL_MS = 50;
/** A timer that is later than this shows a stall. */
const STALL_MS = 10;
const PING_INTERVAL_MS = 250;
/** After this number of unanswered pings the client connects again: the server may have another address. */
const PINGS_PER_CONNECTION = 8;
const WARNING_INTERVAL_MS = 60_000;
/** Errors of a server that is running and cannot execute commands now. */
const CANNOT_EXECUTE = /^(OOM|READONLY|LOADING|MISCONF|BUSY|MASTERDOWN|NOREPLICAS|CLUSTERDOWN)\b/;

/**
 * A Redis client with a circuit breaker. When the server sends nothing for 100 ms, the client becomes
 * unavailable: `run` fails immediately until the server has answered a PING in the background.
 */
export class RedisClient implements OnModuleInit, OnApplicationShutdown {
  /** Number of the connection. After a change the server may have older data. */
  connection = 0;
  private readonly logger = new Logger(RedisClient.name);
  private readonly redis: Redis;
  /** The reject functions of running operations. */
  private readonly pending = new Set<(error: Error) => void>();
  private readonly recoveredListeners: (() => void)[] = [];
  private state: 'starting' | 'available' | 'unavailable' | 'closed' = 'starting';
  /** The time at which data last came from the server. */
  private receivedAt = -Infinity;
  private pings = 0;
  private nextWarningAt = 0;
  private pingTimer?: NodeJS.Timeout;

  constructor(private readonly server: RedisConnection) {
    this.redis = new Redis({
      ...server,
      lazyConnect: true,
      connectTimeout: 1_000,
      disconnectTimeout: TIMEOUT_MS,
      // Callers wait for TIMEOUT_MS. This one removes the commands that a frozen server never answers.
      commandTimeout: 1_000,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      enableAutoPipelining: true,
      autoPipeliningIgnoredCommands: ['ping'],
      retryStrategy: (attempt) => Math.min(50 * attempt, 500),
    });
    this.redis.on('ready', () => {
      this.connection += 1;
      this.redis.stream.on('data', () => (this.receivedAt = performance.now()));
      this.setAvailable();
    });
    this.redis.on('close', () => this.setUnavailable('the connection was closed'));
    this.redis.on('error', (error: Error) => this.setUnavailable(error.message || String(error)));
  }

  get available(): boolean {
    return this.state === 'available';
  }

  /** @throws UnavailableError immediately while unavailable, otherwise after 100 ms without data */
  async run<T>(operation: (redis: Redis) => Promise<T>): Promise<T> {
    if (!this.available) throw this.unavailable('the server is unavailable');
    try {
      return await this.withTimeout(operation);
    } catch (error) {
      if (error instanceof Error && CANNOT_EXECUTE.test(error.message)) throw this.unavailable(error.message);
      if (error instanceof UnavailableError) throw error;
      if (this.redis.status === 'ready') {
        this.warn(error);
        throw error;
      }
      this.setUnavailable(String(error));
      throw this.unavailable(String(error));
    }
  }

  /** Adds a Lua script as a command. Declare its type in `RedisCommander` of ioredis. */
  defineCommand(name: string, lua: string): void {
    this.redis.defineCommand(name, { lua });
  }

  /** Calls `listener` each time the server becomes available. */
  onRecovered(listener: () => void): void {
    this.recoveredListeners.push(listener);
  }

  /**
   * Without a server the process starts anyway, and the client connects in the background.
   *
   * @throws StartError when the server refuses the account
   */
  async onModuleInit(): Promise<void> {
    await expectServer(this.server);
    await this.redis.connect().catch(() => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    const wasAvailable = this.available;
    this.state = 'closed';
    clearTimeout(this.pingTimer);
    if (wasAvailable) await this.withTimeout((redis) => redis.quit()).catch(() => undefined);
    this.redis.disconnect();
  }

  /**
   * Rejects when the server has sent nothing for 100 ms. A stall of this process must not count as silence of
   * the server. So the last part of the timeout is longer after a stall, and data that waits in the socket is
   * read before the check (one turn of the event loop).
   */
  private async withTimeout<T>(operation: (redis: Redis) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const firstPartEnd = performance.now() + TIMEOUT_MS - LAST_PART_MS;
    let timer: NodeJS.Timeout;
    const wait = (ms: number) => (timer = setTimeout(() => setImmediate(check), ms));
    const check = () => {
      if (!this.pending.has(reject)) return;
      const silentMs = performance.now() - this.receivedAt;
      if (silentMs < TIMEOUT_MS) return wait(TIMEOUT_MS - silentMs);
      reject(this.unavailable('no response'));
      this.setUnavailable('no response');
    };
    timer = setTimeout(() => {
      const stalled = performance.now() - firstPartEnd > STALL_MS;
      wait(stalled ? LAST_PART_AFTER_STALL_MS : LAST_PART_MS);
    }, TIMEOUT_MS - LAST_PART_MS);
    this.pending.add(reject);
    try {
      operation(this.redis).then(resolve, reject);
      return await promise;
    } finally {
      clearTimeout(timer);
      this.pending.delete(reject);
    }
  }

  private setAvailable(): void {
    if (this.available || this.state === 'closed') return;
    clearTimeout(this.pingTimer);
    this.pings = 0;
    this.state = 'available';
    this.logger.log(`Redis ${this.address} is available`);
    for (const listener of this.recoveredListeners) listener();
  }

  private setUnavailable(reason: string): void {
    if (this.state === 'closed') return;
    const wasAvailable = this.available;
    if (this.state !== 'unavailable') this.logger.warn(`Redis ${this.address} is unavailable: ${reason}`);
    this.state = 'unavailable';
    if (!wasAvailable) return;
    for (const reject of this.pending) reject(this.unavailable(reason));
    this.schedulePing(0);
  }

  /** Logs an error that callers handle silently, for example a missing permission. */
  private warn(error: unknown): void {
    if (performance.now() < this.nextWarningAt) return;
    this.nextWarningAt = performance.now() + WARNING_INTERVAL_MS;
    this.logger.warn(`Redis ${this.address} refused an operation: ${String(error)}`);
  }

  private schedulePing(delayMs: number): void {
    clearTimeout(this.pingTimer);
    this.pingTimer = setTimeout(() => void this.ping(), delayMs).unref();
  }

  /** Tests a connection without a response. After a reconnection the event `ready` ends the pings. */
  private async ping(): Promise<void> {
    if (this.redis.status === 'ready') {
      const answered = await this.withTimeout((redis) => redis.ping()).catch(() => undefined);
      if (this.state !== 'unavailable') return;
      if (answered) return this.setAvailable();
      if (++this.pings % PINGS_PER_CONNECTION === 0) this.redis.disconnect(true);
    }
    this.schedulePing(PING_INTERVAL_MS);
  }

  private unavailable(reason: string): UnavailableError {
    return new UnavailableError(undefined, { cause: new Error(`Redis ${this.address}: ${reason}`) });
  }

  private get address(): string {
    return `${this.server.host}:${this.server.port}`;
  }
}
