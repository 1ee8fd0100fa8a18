import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import type { EventMap, EventName } from '@repo/contracts';
import { failpoint } from '@repo/core';
import type { Client } from 'pg';
import {
  DataSource,
  type DeepPartial,
  type EntityManager,
  type EntityTarget,
  type ObjectLiteral,
} from 'typeorm';
import { executeOn } from './execute.js';
import type { Statement } from './short-statements.js';
import { Table } from './table.js';
import { insertInto } from './write.js';

/** Stores an event in the outbox; `MessagingModule` implements it. */
export interface EventWriter {
  write<E extends EventName>(tx: Transaction, event: E, data: EventMap[E]): Promise<void>;
}

/** Saves the response to a request with an idempotency key in the transaction of its changes. */
export type SaveResponse = (response: unknown, manager: EntityManager) => Promise<void>;

/** The function that `tx.saveResponse()` calls in the running request. */
export const responseSaver = new AsyncLocalStorage<SaveResponse>();

/** A database transaction, the last argument of repository methods. */
export class Transaction {
  private readonly callbacks: (() => void | Promise<void>)[] = [];
  private readonly last: Statement[] = [];

  constructor(
    readonly manager: EntityManager,
    private readonly events: EventWriter | undefined,
  ) {}

  /** Inserts a row with the COMMIT, in one round trip: for rows that this transaction does not read. */
  insertLast<T extends ObjectLiteral>(entity: EntityTarget<T>, values: DeepPartial<T>): void {
    this.last.push(insertInto(this.manager.dataSource.getMetadata(entity), values));
  }

  /**
   * Called by `Database`.
   *
   * @throws Error when PostgreSQL has rolled back, because an error of a statement was caught and ignored
   */
  async commit(client: Client): Promise<void> {
    const inserted = this.last.map((statement) => executeOn(client, this.manager, statement));
    failpoint('transaction.before-commit');
    const committed = client.query('COMMIT');
    await Promise.all([...inserted, committed]);
    const { command } = await committed;
    if (command !== 'COMMIT')
      throw new Error('The transaction was rolled back: one of its statements failed');
  }

  /** Stores an event in the outbox. It is published after the commit; without a commit it is not. */
  async emit<E extends EventName>(event: E, data: EventMap[E]): Promise<void> {
    if (!this.events) throw new Error(`The event ${event} cannot be emitted: import MessagingModule`);
    await this.events.write(this, event, data);
  }

  /** Saves the response if the request has an `Idempotency-Key`, and returns it. */
  async saveResponse<T>(response: T): Promise<T> {
    await responseSaver.getStore()?.(response, this.manager);
    return response;
  }

  /** Runs `callback` after the commit and before `transaction()` returns. Its error is only logged. */
  afterCommit(callback: () => void | Promise<void>): void {
    this.callbacks.push(callback);
  }

  /** Called by `Database`. */
  async runAfterCommit(onError: (error: unknown) => void): Promise<void> {
    await Promise.all(this.callbacks.map(async (callback) => callback()).map((done) => done.catch(onError)));
  }
}

/** The tables and transactions of a service. */
@Injectable()
export class Database {
  private readonly logger = new Logger(Database.name);
  private events?: EventWriter;

  constructor(readonly dataSource: DataSource) {}

  /** Called by `MessagingModule` at start. */
  useEventWriter(events: EventWriter): void {
    this.events = events;
  }

  table<T extends ObjectLiteral>(entity: EntityTarget<T>): Table<T> {
    return new Table(this.dataSource.getRepository(entity));
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const transaction = new Transaction(runner.manager, this.events);
    let result: T;
    try {
      const client = (await runner.connect()) as Client;
      // In one write with the first statement, which fails too when this fails.
      client.query('BEGIN').catch(() => undefined);
      // TypeORM makes savepoints of transactions inside of this one.
      Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
      try {
        result = await work(transaction);
        await transaction.commit(client);
      } catch (error) {
        // A connection that is still in the transaction must not return to the pool.
        await client.query('ROLLBACK').catch((failure: Error) => client.connection.stream.destroy(failure));
        throw error;
      }
    } finally {
      await runner.release();
    }
    await transaction.runAfterCommit((error) => this.logger.error(error, 'After a commit'));
    return result;
  }
}
