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
import { execute, executeOn } from './execute.js';
import type { Statement } from './short-statements.js';
import { Table } from './table.js';
import { byProperty, toConditions, type Where } from './where.js';
import { insertInto, insertRowAndEvent, updateRowsAndInsertEvent, type Values } from './write.js';

/** Everything in an envelope but the values of the row. */
const MAX_REST_BYTES = 10_000;

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

  /**
   * Stores an event in the outbox. It is published after the commit; without a commit it is not.
   *
   * @throws Error when the event is too large to be published
   */
  async emit<E extends EventName>(event: E, data: EventMap[E]): Promise<void> {
    const { events } = this;
    if (!events)
      throw new Error(
        `The event ${event} cannot be emitted here: it needs a transaction and MessagingModule`,
      );
    const envelope = envelopeOf(events.header(event), data);
    const outbox = this.manager.dataSource.getMetadata(events.entity);
    this.last.push(insertInto(outbox, toOutboxRow(envelope, events)));
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
    if (!events || responseSaver.getStore() || mayExceed(values, events.maxEnvelopeBytes))
      return this.transaction(async (tx) => {
        const row = await this.table(entity).in(tx).insert(values);
        await tx.emit(event, payloadOf(event, row));
        return tx.saveResponse(toResponse(row));
      });
    const header = events.header(event);
    const outbox = this.dataSource.getMetadata(events.entity);
    const row = await insertRowAndEvent(this.dataSource.getRepository(entity), values, outbox, header);
    await this.publish(envelopeOf(header, payloadOf(event, row)));
    return toResponse(row);
  }

  /**
   * Changes the rows that match and emits an event if there are any, in one statement: for a change that is nothing else.
   *
   * @returns whether there are any
   */
  async updateAndEmit<T extends ObjectLiteral, E extends EventName>(
    entity: EntityTarget<T>,
    where: Where<T>,
    changes: Values<T>,
    event: E,
    data: EventMap[E],
  ): Promise<boolean> {
    const { events } = this;
    if (!events) throw new Error(`The event ${event} cannot be emitted: import MessagingModule`);
    const envelope = envelopeOf(events.header(event), data);
    const repository = this.dataSource.getRepository(entity);
    const conditions = toConditions(where, byProperty(repository.metadata));
    const outbox = this.dataSource.getMetadata(events.entity);
    const row = toOutboxRow(envelope, events);
    const isChanged = await updateRowsAndInsertEvent(repository, conditions, changes, outbox, row);
    if (isChanged) await this.publish(envelope);
    return isChanged;
  }

  /** Runs a statement that is written by hand, in a transaction or as a transaction of its own. @returns its rows */
  async query<R extends object>(text: string, values: unknown[], tx?: Transaction): Promise<R[]> {
    const { manager } = tx ?? this.dataSource;
    const { fields, rows } = await execute(manager, { text, values });
    return rows.map((row) => Object.fromEntries(fields.map(({ name }, index) => [name, row[index]])) as R);
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

  private async publish(envelope: EventEnvelope): Promise<void> {
    await this.events!.committed(envelope).catch((error) => this.logger.error(error, 'After a commit'));
  }

  private runAfterCommit(transaction: Transaction): Promise<void> {
    return transaction.runAfterCommit((error) => this.logger.error(error, 'After a commit'));
  }
}

function envelopeOf<E extends EventName>(header: EventHeader<E>, data: EventMap[E]): EventEnvelope<E> {
  return { ...header, aggregateId: aggregateIdOf(header.event, data), data };
}

function toOutboxRow(envelope: EventEnvelope, { maxEnvelopeBytes }: EventPublisher): OutboxRow {
  const { id, event, aggregateId } = envelope;
  const text = JSON.stringify(envelope);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxEnvelopeBytes)
    throw new Error(
      `The event ${event} has ${bytes} bytes, and at most ${maxEnvelopeBytes} can be published`,
    );
  return { id, event, aggregateId, envelope: text };
}

/** Whether an event about a row with these values may be too large. A character has at most six bytes in JSON. */
function mayExceed(values: object, maxBytes: number): boolean {
  let length = 0;
  for (const value of Object.values(values))
    length += typeof value === 'string' ? value.length : (JSON.stringify(value)?.length ?? 0);
  return 6 * length > maxBytes - MAX_REST_BYTES;
}

function payloadOf<E extends EventName>(event: E, row: ObjectLiteral): EventMap[E] {
  return Object.fromEntries(
    payloadFieldsOf(event).map((name) => [name, row[name]]),
  ) as unknown as EventMap[E];
}
