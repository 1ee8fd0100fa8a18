import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import type { EventMap, EventName } from '@repo/contracts';
import { failpoint } from '@repo/core';
import { DataSource, type EntityManager, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { Table } from './table.js';

/** Writes an event beside the change that it tells of; the messaging part provides it. */
export abstract class EventWriter {
  abstract write<E extends EventName>(tx: Transaction, event: E, data: EventMap[E]): Promise<void>;
}

/** Saves a response with the changes of its transaction. */
export type SaveResponse = (response: unknown, manager: EntityManager) => Promise<void>;

const savers = new AsyncLocalStorage<SaveResponse>();

/** Runs work whose `tx.saveResponse()` calls `save`. */
export function runWithSavedResponse<T>(save: SaveResponse, work: () => Promise<T>): Promise<T> {
  return savers.run(save, work);
}

/** One database transaction: repositories take it as their last argument. */
export class Transaction {
  private readonly callbacks: (() => void | Promise<void>)[] = [];

  constructor(
    readonly manager: EntityManager,
    private readonly events: EventWriter | undefined,
  ) {}

  /** Records an event in the outbox: it is published if, and only if, the transaction commits. */
  async emit<E extends EventName>(event: E, data: EventMap[E]): Promise<void> {
    if (!this.events) throw new Error(`No MessagingModule: the event ${event} cannot be emitted`);
    await this.events.write(this, event, data);
  }

  /** Keeps what the client is answered beside the change, for a caller who gave an `Idempotency-Key`. */
  async saveResponse<T>(answer: T): Promise<T> {
    await savers.getStore()?.(answer, this.manager);
    return answer;
  }

  /** Runs after the commit and before `transaction()` returns; a failure is logged, the commit stands. */
  afterCommit(callback: () => void | Promise<void>): void {
    this.callbacks.push(callback);
  }

  /** For `Database` alone. */
  async runAfterCommit(onError: (error: unknown) => void): Promise<void> {
    await Promise.all(this.callbacks.map(async (callback) => callback()).map((done) => done.catch(onError)));
  }
}

/** Hands out the tables of a service, and opens transactions. */
@Injectable()
export class Database {
  private readonly logger = new Logger(Database.name);
  private events?: EventWriter;

  constructor(readonly dataSource: DataSource) {}

  /** Called once at start by whoever carries the events. */
  useEventWriter(events: EventWriter): void {
    this.events = events;
  }

  /** The rows of an entity; its repository asks for it once. */
  table<T extends ObjectLiteral>(entity: EntityTarget<T>): Table<T> {
    return new Table(this.dataSource.getRepository(entity));
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    let transaction!: Transaction;
    const result = await this.dataSource.transaction(async (manager) => {
      transaction = new Transaction(manager, this.events);
      const outcome = await work(transaction);
      failpoint('transaction.before-commit');
      return outcome;
    });
    await transaction.runAfterCommit((error) => this.logger.error(error, 'After a commit'));
    return result;
  }
}
