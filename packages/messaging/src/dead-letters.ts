import { Injectable } from '@nestjs/common';
import type { EventEnvelope, Page } from '@repo/contracts';
import { NotFoundError } from '@repo/core';
import { Database, type PageRequest, type Table, type Where } from '@repo/database';
import { DeadLetter, OUTBOX } from './dead-letter.entity.js';
import { EventDispatcher } from './event-dispatcher.js';
import { parseEnvelope } from './event-envelope.js';
import { NatsClient } from './nats-client.js';
import { OutboxMessage } from './outbox-message.entity.js';
import { OutboxRelay } from './outbox-relay.js';

/** `error`: reason of the failure; absent when the event was applied. */
type Replayed = Pick<DeadLetter, 'eventId' | 'event'> & { error?: string };

/** Events that this service could not apply, or that could not be published, stored for replay. */
@Injectable()
export class DeadLetters {
  private readonly letters: Table<DeadLetter>;
  private readonly consumer: string;
  private readonly ours: Where<DeadLetter>;

  constructor(
    private readonly database: Database,
    private readonly dispatcher: EventDispatcher,
    private readonly relay: OutboxRelay,
    nats: NatsClient,
  ) {
    this.letters = database.table(DeadLetter);
    this.consumer = nats.service;
    this.ours = { consumer__in: [this.consumer, OUTBOX] };
  }

  /** A page, oldest first. */
  list(request: PageRequest = {}): Promise<Page<DeadLetter>> {
    return this.letters.findPage(request, { where: this.ours });
  }

  /** @throws NotFoundError */
  async get(id: number): Promise<DeadLetter> {
    const letter = await this.letters.findOne({ id, ...this.ours });
    if (!letter) throw new NotFoundError('Dead letter not found');
    return letter;
  }

  count(): Promise<number> {
    return this.letters.count(this.ours);
  }

  /** Stores an event as a dead letter; a repeated delivery updates it. */
  async store(letter: Omit<DeadLetter, 'id' | 'consumer' | 'failedAt'>): Promise<void> {
    const envelope = withoutNul(letter.envelope);
    const row = { ...letter, consumer: this.consumer, envelope, error: withoutNul(letter.error) };
    await this.database.dataSource.getRepository(DeadLetter).upsert(row, ['consumer', 'eventId']);
  }

  /**
   * Applies dead letters again, oldest first, and puts those that could not be published back into the outbox. Those that
   * succeed are deleted.
   *
   * @throws NotFoundError
   */
  async replay(which: 'all' | Pick<DeadLetter, 'id'> | Pick<DeadLetter, 'eventId'>): Promise<Replayed[]> {
    const letters = await this.letters.findMany({ ...this.ours, ...(which !== 'all' && which) });
    if (letters.length === 0 && which !== 'all') throw new NotFoundError('Dead letter not found');
    const replayed: Replayed[] = [];
    for (const letter of letters) replayed.push(await this.replayOne(letter));
    return replayed;
  }

  private async replayOne({ id, consumer, eventId, event, envelope }: DeadLetter): Promise<Replayed> {
    try {
      const parsed = parseEnvelope(envelope, event);
      if (consumer === OUTBOX) await this.publishAgain(parsed);
      else await this.dispatcher.dispatch(parsed);
      await this.letters.hardDelete({ id });
      return { eventId, event };
    } catch (failure) {
      const error = failure instanceof Error ? failure.message : String(failure);
      await this.letters.update({ id }, { error: withoutNul(error), attempts: () => 'attempts + 1' });
      return { eventId, event, error };
    }
  }

  private async publishAgain(envelope: EventEnvelope): Promise<void> {
    const { id, event, aggregateId } = envelope;
    const row = { id, event, aggregateId, envelope: JSON.stringify(envelope) };
    await this.database.dataSource.getRepository(OutboxMessage).insert(row);
    this.relay.wake();
  }
}

/** PostgreSQL cannot store NUL in a text. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\\0');
}
