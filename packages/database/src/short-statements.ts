import { requestContext } from '@repo/core';
import type pg from 'pg';
import { PipeliningClient } from './pipelining-client.js';

export interface Statement {
  text: string;
  values: unknown[];
}

export interface StatementResult {
  /** The values of each row, in the order of its columns. */
  rows: unknown[][];
  /** The number of rows that were read or changed. */
  rowCount: number;
}

/** `query` of the client with a callback: for a promise, pg would capture a stack trace for each statement. */
type Send = (
  query: pg.QueryArrayConfig,
  values: undefined,
  callback: (error: Error | null, result: pg.QueryArrayResult) => void,
) => void;

/** More statements that wait on one connection are sent to the pool. */
const MAX_IN_FLIGHT = 2_000;
/** A statement that takes longer is repeated on the pool, which has longer timeouts. */
const STATEMENT_TIMEOUT_MS = 250;
const LOCK_TIMEOUT_MS = 100;
/** SQLSTATE codes of these timeouts: the statement had no effect. */
const TIMED_OUT = new Set(['57014', '55P03']);
/** For this time after a timeout, a statement is sent to the pool. */
const SLOW_FOR_MS = 10_000;
const MAX_SLOW = 1_000;
/** After a failed attempt to connect. */
const RETRY_MS = 1_000;
const SILENCE_CHECK_MS = 250;
/** Checks without a result, after which PostgreSQL does not respond. Counted, because this process may have slept. */
const MAX_SILENT_CHECKS = 8;
/** PostgreSQL keeps a plan for each name and connection. */
const MAX_NAMES = 500;

/**
 * Runs short statements on few connections, each of which carries several at a time. A statement costs this process
 * half of what it costs on a connection of its own, and PostgreSQL even less.
 *
 * PostgreSQL executes the statements of a connection one after another, so that a slow one delays those behind it. It is
 * ended after a quarter of a second, repeated on the pool, and sent there for a while. Each statement is a transaction of its own.
 */
export class ShortStatements {
  private readonly connections = new Set<Connection>();
  private readonly slowUntil = new Map<string, number>();
  private readonly names = new Map<string, string>();
  private opening = 0;
  private retryAt = 0;
  private ended = false;

  /** @param size number of connections; without one, all statements are sent to the pool */
  constructor(
    private readonly pool: pg.Pool,
    private readonly size: number,
  ) {}

  async run(statement: Statement): Promise<StatementResult> {
    const { deadline } = requestContext() ?? {};
    if (deadline !== undefined && deadline <= Date.now())
      throw new Error('timeout: the deadline of the request has passed');
    const query: pg.QueryArrayConfig = { ...statement, name: this.nameOf(statement.text), rowMode: 'array' };
    const connection = this.isSlow(statement.text) ? undefined : this.leastBusy();
    if (!connection) return resultOf(await this.pool.query(query));
    try {
      return resultOf(await connection.run(query));
    } catch (error) {
      if (!TIMED_OUT.has((error as { code?: string }).code ?? '')) throw error;
      this.markSlow(statement.text);
      return resultOf(await this.pool.query(query));
    }
  }

  /** The name under which PostgreSQL keeps the plan of a statement; undefined for the rarer ones. */
  nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.names.size >= MAX_NAMES) return known;
    const name = `s${this.names.size}`;
    this.names.set(text, name);
    return name;
  }

  async end(): Promise<void> {
    this.ended = true;
    await Promise.all([...this.connections].map((connection) => connection.end()));
  }

  private leastBusy(): Connection | undefined {
    if (this.connections.size + this.opening < this.size) void this.open();
    let best: Connection | undefined;
    for (const connection of this.connections) {
      if (connection.inFlight < (best?.inFlight ?? MAX_IN_FLIGHT)) best = connection;
    }
    return best;
  }

  /** Until the connection is open, statements are sent to the pool. */
  private async open(): Promise<void> {
    if (this.ended || performance.now() < this.retryAt) return;
    this.opening += 1;
    const connection = new Connection(this.pool.options, () => this.connections.delete(connection));
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

  private isSlow(text: string): boolean {
    const until = this.slowUntil.get(text);
    if (until === undefined) return false;
    if (until > performance.now()) return true;
    this.slowUntil.delete(text);
    return false;
  }

  private markSlow(text: string): void {
    if (this.slowUntil.size >= MAX_SLOW) this.slowUntil.clear();
    this.slowUntil.set(text, performance.now() + SLOW_FOR_MS);
  }
}

class Connection {
  inFlight = 0;
  private readonly client: pg.Client;
  private silentChecks = 0;
  private readonly timer: NodeJS.Timeout;
  private readonly send: Send;

  constructor(options: pg.PoolOptions, onClosed: () => void) {
    this.client = new PipeliningClient({
      ...(options as pg.ClientConfig),
      // The pool hides it from the spread.
      password: options.password,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      query_timeout: undefined,
    });
    this.send = this.client.query.bind(this.client) as unknown as Send;
    const close = () => {
      clearInterval(this.timer);
      onClosed();
    };
    this.client.on('error', close).on('end', close);
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
      this.send(query, undefined, (error, result) => {
        this.silentChecks = 0;
        this.inFlight -= 1;
        if (error) reject(error);
        else resolve(result);
      });
    });
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.client.end();
  }

  private checkSilence(): void {
    if (this.inFlight === 0) return;
    this.silentChecks += 1;
    if (this.silentChecks >= MAX_SILENT_CHECKS)
      this.client.connection.stream.destroy(new Error('Connection terminated: PostgreSQL does not respond'));
  }
}

export function resultOf({ rows, rowCount }: pg.QueryArrayResult): StatementResult {
  return { rows, rowCount: rowCount ?? 0 };
}
