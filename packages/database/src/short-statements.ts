import { requestContext } from '@repo/core';
import type pg from 'pg';
import { isTimeout, PipelinedConnections } from './pipelined-connections.js';

export interface Statement {
  text: string;
  values: unknown[];
}

export interface StatementResult {
  fields: { name: string }[];
  /** The values of each row, in the order of its columns. */
  rows: unknown[][];
  /** The number of rows that were read or changed. */
  rowCount: number;
}

/** More statements on one connection are sent to the pool. */
const MAX_READS = 2_000;
/** A write waits for the disk, and so do the writes behind it on its connection. */
const MAX_WRITES = 16;
/**
 * SQLSTATE codes: PostgreSQL does not know the name, or knows it already, both after the failure of another statement with
 * it, or the columns of its plan had other types. The statement had no effect.
 */
const INVALID_NAME = new Set(['26000', '42P05', '0A000']);
/** For this time after a timeout, a statement is sent to the pool. */
const SLOW_FOR_MS = 10_000;
const MAX_SLOW = 1_000;
/** PostgreSQL keeps a plan for each name and connection. */
const MAX_NAMES = 500;

/**
 * Runs short statements on few connections, each of which carries several at a time. A statement costs this process
 * half of what it costs on a connection of its own, and PostgreSQL even less. Writes have connections of their own.
 *
 * PostgreSQL executes the statements of a connection one after another, so that a slow one delays those behind it. It is
 * ended after a quarter of a second, repeated on the pool, and sent there for a while. Behind a second slow one, reads are
 * repeated on a new connection. Each statement is a transaction of its own; one that starts with SELECT only reads.
 */
export class ShortStatements {
  private readonly readers: PipelinedConnections;
  private readonly writers: PipelinedConnections;
  private readonly slowUntil = new Map<string, number>();
  private readonly names = new Map<string, string>();
  private readonly maxNames: number;
  private lastName = 0;

  /** The numbers of connections for reads and for writes; without one, all statements are sent to the pool. */
  constructor(
    private readonly pool: pg.Pool,
    { readers, writers, prepared }: { readers: number; writers: number; prepared: boolean },
  ) {
    this.maxNames = prepared ? MAX_NAMES : 0;
    this.readers = new PipelinedConnections(pool.options, readers, MAX_READS);
    this.writers = new PipelinedConnections(pool.options, writers, MAX_WRITES);
  }

  async run(statement: Statement, isRepeated = false): Promise<StatementResult> {
    const { deadline } = requestContext() ?? {};
    if (deadline !== undefined && deadline <= Date.now())
      throw new Error('timeout: the deadline of the request has passed');
    const { text } = statement;
    const isRead = text.startsWith('SELECT');
    const connections = isRead ? this.readers : this.writers;
    const connection = this.isSlow(text) ? undefined : connections.leastBusy();
    if (!connection) return this.runOnPool(statement);
    const query = this.queryOf(statement);
    try {
      return resultOf(await connection.run(query));
    } catch (error) {
      if (this.forgetName(query, error)) return this.runOnPool(statement);
      if (isTimeout(error)) {
        this.markSlow(text);
        if (isRead && connection.timeouts > 1) void connections.replace(connection);
        return this.runOnPool(statement);
      }
      if (isRead && !isRepeated && connection.hasEnded) return this.run(statement, true);
      throw error;
    }
  }

  /** A statement as pg takes it, with the name under which PostgreSQL keeps its plan; the rarer ones have none. */
  queryOf(statement: Statement): pg.QueryArrayConfig {
    return { ...statement, name: this.nameOf(statement.text), rowMode: 'array' };
  }

  /** Whether the error is about the name of a statement, which gets another one. */
  forgetName({ name, text }: pg.QueryArrayConfig, error: unknown): boolean {
    if (name === undefined || !INVALID_NAME.has((error as { code?: string }).code ?? '')) return false;
    if (this.names.get(text) === name) this.names.delete(text);
    return true;
  }

  async end(): Promise<void> {
    await Promise.all([this.readers.end(), this.writers.end()]);
  }

  private async runOnPool(statement: Statement): Promise<StatementResult> {
    const query = this.queryOf(statement);
    try {
      return resultOf(await this.pool.query(query));
    } catch (error) {
      if (!this.forgetName(query, error)) throw error;
      return resultOf(await this.pool.query({ ...query, name: undefined }));
    }
  }

  private nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.names.size >= this.maxNames) return known;
    const name = `s${this.lastName++}`;
    this.names.set(text, name);
    return name;
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

export function resultOf({ fields, rows, rowCount }: pg.QueryArrayResult): StatementResult {
  return { fields, rows, rowCount: rowCount ?? 0 };
}
