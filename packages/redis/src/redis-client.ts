import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { UnavailableError } from '@repo/core';
import { Redis } from 'ioredis';

/** Where a Redis server is and who we are to it. */
export interface RedisConnection {
  host: string;
  port: number;
  /** Empty: connect without credentials. */
  username?: string;
  password?: string;
}

type Fail = (error: Error) => void;

const OPERATION_LIMIT_MS = 100;
const LAST_STEP_MS = 20;
/** A timer that is this late tells of a stall. */
const STALL_MS = 10;
const LAST_STEP_AFTER_STALL_MS = 50;
const PROBE_INTERVAL_MS = 250;
/** A server that accepts our bytes and never answers may be gone for good; dial again after this many probes. */
const PROBES_PER_CONNECTION = 8;
const REPORT_INTERVAL_MS = 60_000;
/** What a server that is up, but cannot serve now, begins its refusals with. */
const CANNOT_SERVE = /^(OOM|READONLY|LOADING|MISCONF|BUSY|MASTERDOWN|NOREPLICAS|CLUSTERDOWN)\b/;

/**
 * A Redis that may go away at any time. A server that says nothing for 100 ms is given up: the circuit opens, and
 * `run` refuses at once until the server has answered a PING in the background.
 */
export class RedisClient implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RedisClient.name);
  private readonly redis: Redis;
  private readonly pending = new Set<Fail>();
  private readonly recoveredListeners = new Set<() => void>();
  private readonly lostListeners = new Set<() => void>();
  private state: 'starting' | 'available' | 'away' | 'closed' = 'starting';
  private connections = 0;
  /** When anything last came from the server: one that speaks is not away, but busy, or we are. */
  private heardAt = -Infinity;
  private probes = 0;
  private silentUntil = 0;
  private probeTimer?: NodeJS.Timeout;

  constructor(private readonly server: RedisConnection) {
    this.redis = new Redis({
      host: server.host,
      port: server.port,
      username: server.username || undefined,
      password: server.password || undefined,
      lazyConnect: true,
      connectTimeout: 1_000,
      disconnectTimeout: OPERATION_LIMIT_MS,
      // The limit that callers feel is in `limited`; this one ends what a frozen server never answers.
      commandTimeout: 1_000,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      enableAutoPipelining: true,
      autoPipeliningIgnoredCommands: ['ping'],
      retryStrategy: (attempt) => Math.min(50 * attempt, 500),
    });
    this.redis.on('ready', () => {
      this.connections += 1;
      this.redis.stream.on('data', () => (this.heardAt = performance.now()));
      this.recover();
    });
    this.redis.on('close', () => this.lose('the connection was closed'));
    this.redis.on('error', (error: Error) => this.lose(error.message || String(error)));
  }

  get available(): boolean {
    return this.state === 'available';
  }

  /** Counts connections: when it has changed, the server may be another one, or have come back with older data. */
  get connection(): number {
    return this.connections;
  }

  /**
   * Runs commands.
   *
   * @throws UnavailableError at once while the server is away, and within 100 ms when it goes away now
   */
  async run<T>(operation: (redis: Redis) => Promise<T>): Promise<T> {
    if (!this.available) throw this.unavailable('it is away');
    try {
      return await this.limited(operation);
    } catch (error) {
      if (error instanceof Error && CANNOT_SERVE.test(error.message)) throw this.unavailable(error.message);
      if (error instanceof UnavailableError) throw error;
      if (this.redis.status === 'ready') {
        this.report(error);
        throw error;
      }
      this.lose(String(error));
      throw this.unavailable(String(error));
    }
  }

  /**
   * Makes a Lua script a command of the client, with a `Buffer` form: one round trip, atomic, sent by its digest once the
   * connection has had its text. Its type is declared by augmenting `RedisCommander` of ioredis.
   */
  defineCommand(name: string, lua: string): void {
    this.redis.defineCommand(name, { lua });
  }

  /** Calls back each time the server can be used again. Returns the way to stop that. */
  onRecovered(listener: () => void): () => void {
    this.recoveredListeners.add(listener);
    return () => this.recoveredListeners.delete(listener);
  }

  /** Calls back each time the server went away. Returns the way to stop that. */
  onLost(listener: () => void): () => void {
    this.lostListeners.add(listener);
    return () => this.lostListeners.delete(listener);
  }

  /** A server that is away does not keep the process from starting: the client goes on dialling. */
  async onModuleInit(): Promise<void> {
    await this.redis.connect().catch(() => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    const wasAvailable = this.available;
    this.state = 'closed';
    clearTimeout(this.probeTimer);
    if (wasAvailable) await this.limited((redis) => redis.quit()).catch(() => undefined);
    this.redis.disconnect();
  }

  /**
   * Ends with the operation, or when the server has said nothing at all for 100 ms. It must not take a stall of this
   * process for the server's silence: so the last step is longer after one, and what waits in the socket is read
   * (one turn of the event loop) before the verdict.
   */
  private limited<T>(operation: (redis: Redis) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const dueAt = performance.now() + OPERATION_LIMIT_MS - LAST_STEP_MS;
      const wait = (delayMs: number) => setTimeout(() => setImmediate(expire), delayMs);
      let timer = setTimeout(() => {
        const stalled = performance.now() - dueAt > STALL_MS;
        timer = wait(stalled ? LAST_STEP_AFTER_STALL_MS : LAST_STEP_MS);
      }, OPERATION_LIMIT_MS - LAST_STEP_MS);
      const settle = () => {
        clearTimeout(timer);
        this.pending.delete(fail);
      };
      const fail: Fail = (error) => {
        settle();
        reject(error);
      };
      const expire = () => {
        if (!this.pending.has(fail)) return;
        const silentMs = performance.now() - this.heardAt;
        if (silentMs < OPERATION_LIMIT_MS) timer = wait(OPERATION_LIMIT_MS - silentMs);
        else {
          fail(this.unavailable('it does not answer'));
          this.lose('it does not answer');
        }
      };
      this.pending.add(fail);
      Promise.resolve(this.redis)
        .then(operation)
        .then((value) => {
          settle();
          resolve(value);
        }, fail);
    });
  }

  private recover(): void {
    if (this.available || this.state === 'closed') return;
    clearTimeout(this.probeTimer);
    this.probes = 0;
    this.state = 'available';
    this.logger.log(`Redis ${this.address} is available`);
    for (const listener of this.recoveredListeners) listener();
  }

  private lose(reason: string): void {
    if (this.state === 'closed') return;
    const wasAvailable = this.available;
    if (this.state !== 'away') this.logger.warn(`Redis ${this.address} is away: ${reason}`);
    this.state = 'away';
    if (!wasAvailable) return;
    for (const fail of this.pending) fail(this.unavailable(reason));
    for (const listener of this.lostListeners) listener();
    this.scheduleProbe(0);
  }

  /** Callers get by without Redis, so a mistake (a missing permission, say) shows here or nowhere. */
  private report(error: unknown): void {
    if (performance.now() < this.silentUntil) return;
    this.silentUntil = performance.now() + REPORT_INTERVAL_MS;
    this.logger.warn(`Redis ${this.address} refused an operation: ${String(error)}`);
  }

  private scheduleProbe(delayMs: number): void {
    clearTimeout(this.probeTimer);
    this.probeTimer = setTimeout(() => void this.probe(), delayMs).unref();
  }

  /** A new connection announces itself by `ready`; a connection that merely fell silent is asked here. */
  private async probe(): Promise<void> {
    if (this.redis.status === 'ready') {
      const answered = await this.limited((redis) => redis.ping()).then(
        () => true,
        () => false,
      );
      if (this.state !== 'away') return;
      if (answered) return this.recover();
      if (++this.probes % PROBES_PER_CONNECTION === 0) this.redis.disconnect(true);
    }
    this.scheduleProbe(PROBE_INTERVAL_MS);
  }

  private unavailable(reason: string): UnavailableError {
    return new UnavailableError(undefined, { cause: new Error(`Redis ${this.address}: ${reason}`) });
  }

  private get address(): string {
    return `${this.server.host}:${this.server.port}`;
  }
}
