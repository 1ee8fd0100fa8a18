import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import {
  aggregateIdOf,
  type EventEnvelope,
  type EventMap,
  type EventName,
  payloadFieldsOf,
} from '@repo/contracts';
import { failpoint } from '@repo/core';
import type { Client } from 'pg';
import {
  DataSource,
  type DeepPartial,
  type EntityManager,
  type EntityTarget,
  type ObjectLiteral,
} from 'typeorm';
import type { EventAbout, EventHeader, EventPublisher, OutboxRow } from './event-publisher.js';
import { executeOn } from './execute.js';
import type { Statement } from './short-statements.js';
import { Table } from './table.js';
import { insertInto, insertRowAndEvent } from './write.js';

/** Saves the response to a request with an idempotency key in the transaction of its changes. */
export type SaveResponse = (response: unknown, manager: EntityManager) => Promise<void>;

/** The function that `tx.saveResponse()` calls in the running request. */
export const responseSaver = new AsyncLocalStorage<SaveResponse>();

/** A database transaction, the last argument of repository methods. */
export class Transaction {
  private readonly callbacks: (() => void | Promise<void>)[] = [];
  /** Sent with the COMMIT, in one round trip. */
  private readonly last: Statement[] = [];

  constructor(
    readonly manager: EntityManager,
    private readonly events: EventPublisher | undefined,
  ) {}

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
    const { events } = this;
    if (!events)
      throw new Error(
        `The event ${event} cannot be emitted here: it needs a transaction and MessagingModule`,
      );
    const envelope = envelopeOf(events.header(event), data);
    const { id, aggregateId } = envelope;
    const row: OutboxRow = { id, event, aggregateId, envelope: JSON.stringify(envelope) };
    this.last.push(insertInto(this.manager.dataSource.getMetadata(events.entity), row));
    this.afterCommit(() => events.committed(envelope));
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
  private events?: EventPublisher;

  constructor(readonly dataSource: DataSource) {}

  /** Called by `MessagingModule` at start. */
  useEventPublisher(events: EventPublisher): void {
    this.events = events;
  }

  table<T extends ObjectLiteral>(entity: EntityTarget<T>): Table<T> {
    return new Table(this.dataSource.getRepository(entity));
  }

  /**
   * Inserts a row and emits an event about it, whose payload are columns of the row, in one statement: for a
   * change that is nothing else. Also saves the response, as `tx.saveResponse()` does.
   *
   * @returns the response
   */
  async insertAndEmit<T extends ObjectLiteral, R>(
    entity: EntityTarget<T>,
    values: DeepPartial<T>,
    event: EventAbout<T>,
    toResponse: (row: T) => R,
  ): Promise<R> {
    const { events } = this;
    if (!events || responseSaver.getStore())
      return this.transaction(async (tx) => {
        const row = await this.table(entity).in(tx).insert(values);
        await tx.emit(event, payloadOf(event, row));
        return tx.saveResponse(toResponse(row));
      });
    const header = events.header(event);
    const outbox = this.dataSource.getMetadata(events.entity);
    const row = await insertRowAndEvent(this.dataSource.getRepository(entity), values, outbox, header);
    await events
      .committed(envelopeOf(header, payloadOf(event, row)))
      .catch((error: unknown) => this.logger.error(error, 'After a commit'));
    return toResponse(row);
  }

  /**
   * Like `transaction`, for a change of one statement, which commits by itself. A request with an idempotency key needs a
   * transaction: its response is saved with the change.
   */
  async autocommit<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    if (responseSaver.getStore()) return this.transaction(work);
    const tx = new Transaction(this.dataSource.manager, undefined);
    const result = await work(tx);
    await this.runAfterCommit(tx);
    return result;
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
    await this.runAfterCommit(transaction);
    return result;
  }

  private runAfterCommit(transaction: Transaction): Promise<void> {
    return transaction.runAfterCommit((error) => this.logger.error(error, 'After a commit'));
  }
}

function envelopeOf<E extends EventName>(header: EventHeader<E>, data: EventMap[E]): EventEnvelope<E> {
  return { ...header, aggregateId: aggregateIdOf(header.event, data), data };
}

function payloadOf<E extends EventName>(event: E, row: ObjectLiteral): EventMap[E] {
  return Object.fromEntries(
    payloadFieldsOf(event).map((name) => [name, row[name]]),
  ) as unknown as EventMap[E];
}
