import type pg from 'pg';
import { PipeliningClient } from './pipelining-client.js';

/** `query` of the client with a callback: for a promise, pg would capture a stack trace for each statement. */
type Send = (
  query: pg.QueryArrayConfig,
  values: undefined,
  callback: (error: Error | null, result: pg.QueryArrayResult) => void,
) => void;

/** SQLSTATE codes. */
const TIMEOUTS = new Set(['57014', '55P03']);
/** A statement that takes longer is repeated on the pool, which has longer timeouts. */
const STATEMENT_TIMEOUT_MS = 250;
const LOCK_TIMEOUT_MS = 100;
/** After a failed attempt to connect. */
const RETRY_MS = 1_000;
const SILENCE_CHECK_MS = 250;
/** Checks without a result, after which PostgreSQL does not respond. Counted, because this process may have slept. */
const MAX_SILENT_CHECKS = 8;

/** Whether a statement has reached a time limit or was cancelled. It had no effect. */
export function isTimeout(error: unknown): boolean {
  return TIMEOUTS.has((error as { code?: string } | null)?.code ?? '');
}

/** Connections to PostgreSQL, each of which carries several statements at a time. They are opened when they are needed. */
export class PipelinedConnections {
  private readonly connections = new Set<Connection>();
  private opening = 0;
  private retryAt = 0;
  private ended = false;

  constructor(
    private readonly options: pg.PoolOptions,
    private readonly size: number,
    private readonly maxInFlight: number,
  ) {}

  /** Undefined when none is open, or all are busy. */
  leastBusy(): Connection | undefined {
    if (this.connections.size + this.opening < this.size) void this.open();
    let best: Connection | undefined;
    for (const connection of this.connections) {
      if (connection.inFlight < (best?.inFlight ?? this.maxInFlight)) best = connection;
    }
    return best;
  }

  /** Opens another connection and ends this one. Its statements are rejected. */
  async replace(connection: Connection): Promise<void> {
    if (connection.isReplaced) return;
    connection.isReplaced = true;
    await this.open();
    connection.destroy('its statements wait behind slow ones');
  }

  private async open(): Promise<void> {
    if (this.ended || performance.now() < this.retryAt) return;
    this.opening += 1;
    const connection = new Connection(this.options, () => this.connections.delete(connection));
    try {
      await connection.connect();
      this.connections.add(connection);
      if (this.ended) await connection.end();
    } catch {
      this.retryAt = performance.now() + RETRY_MS;
    } finally {
      this.opening -= 1;
    }
  }

  async end(): Promise<void> {
    this.ended = true;
    await Promise.all([...this.connections].map((connection) => connection.end()));
  }
}

class Connection {
  inFlight = 0;
  /** Statements in succession that have reached a time limit. */
  timeouts = 0;
  isReplaced = false;
  /** It was closed, but not because PostgreSQL does not respond. */
  hasEnded = false;
  private readonly client: pg.Client;
  private silentChecks = 0;
  private isSilent = false;
  private readonly timer: NodeJS.Timeout;
  private readonly send: Send;

  constructor(
    options: pg.PoolOptions,
    private readonly onClosed: () => void,
  ) {
    this.client = new PipeliningClient({
      ...(options as pg.ClientConfig),
      // The pool hides it from the spread.
      password: options.password,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      query_timeout: undefined,
    });
    this.send = this.client.query.bind(this.client) as unknown as Send;
    this.client.on('error', () => this.close()).on('end', () => this.close());
    this.timer = setInterval(() => this.checkSilence(), SILENCE_CHECK_MS).unref();
  }

  async connect(): Promise<void> {
    try {
      await this.client.connect();
    } catch (error) {
      clearInterval(this.timer);
      throw error;
    }
  }

  run(query: pg.QueryArrayConfig): Promise<pg.QueryArrayResult> {
    if (this.inFlight++ === 0) this.silentChecks = 0;
    return new Promise((resolve, reject) => {
      let isSettled = false;
      this.send(query, undefined, (error, result) => {
        // For a value that cannot be sent, pg calls twice.
        if (isSettled) return;
        isSettled = true;
        this.inFlight -= 1;
        this.silentChecks = 0;
        this.timeouts = isTimeout(error) ? this.timeouts + 1 : 0;
        // PostgreSQL closes the connection after it.
        if ((error as pg.DatabaseError | null)?.severity === 'FATAL') this.close();
        if (error) reject(error);
        else resolve(result);
      });
    });
  }

  destroy(reason: string): void {
    this.client.connection.stream.destroy(new Error(`Connection terminated: ${reason}`));
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.client.end();
  }

  private close(): void {
    this.hasEnded = !this.isSilent;
    clearInterval(this.timer);
    this.onClosed();
  }

  private checkSilence(): void {
    if (this.inFlight === 0) return;
    this.silentChecks += 1;
    if (this.silentChecks < MAX_SILENT_CHECKS) return;
    this.isSilent = true;
    this.destroy('PostgreSQL does not respond');
  }
}
