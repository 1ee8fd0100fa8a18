import type { Page } from '@repo/contracts';
import { NotFoundError } from '@repo/core';
import type { Database, PageRequest, Table } from '@repo/database';
import { DeadLetter } from './dead-letter.entity.js';
import type { EventDispatcher } from './event-dispatcher.js';
import { parseEnvelope } from './event-envelope.js';

/** What became of a dead letter that was tried again. */
export interface Replayed {
  eventId: string;
  event: string;
  /** Why it failed again; absent when it worked. */
  error?: string;
}

/** Events that this service gave up on, and the way back for them. */
export class DeadLetters {
  private readonly letters: Table<DeadLetter>;

  constructor(
    private readonly database: Database,
    private readonly dispatcher: EventDispatcher,
    private readonly service: string,
  ) {
    this.letters = database.table(DeadLetter);
  }

  /** The oldest first. */
  list(request: PageRequest = {}): Promise<Page<DeadLetter>> {
    return this.letters.findPage(request, { where: { consumer: this.service } });
  }

  /** @throws NotFoundError */
  async get(id: number): Promise<DeadLetter> {
    const letter = await this.letters.findOne({ id, consumer: this.service });
    if (!letter) throw new NotFoundError('Dead letter not found');
    return letter;
  }

  count(): Promise<number> {
    return this.letters.count({ consumer: this.service });
  }

  /** Kept once, however often it is delivered. */
  async keep(letter: Omit<DeadLetter, 'id' | 'consumer' | 'failedAt'>): Promise<void> {
    const { envelope, error } = letter;
    await this.database.dataSource
      .getRepository(DeadLetter)
      .upsert({ ...letter, consumer: this.service, envelope: storable(envelope), error: storable(error) }, [
        'consumer',
        'eventId',
      ]);
  }

  /**
   * Runs the handler once more: of one letter, or of all there are, the oldest first. One that worked is gone.
   *
   * @throws NotFoundError when there is no such letter
   */
  async replay(which: 'all' | Pick<DeadLetter, 'id'> | Pick<DeadLetter, 'eventId'>): Promise<Replayed[]> {
    const letters = await this.letters.findMany({ consumer: this.service, ...(which !== 'all' && which) });
    if (letters.length === 0 && which !== 'all') throw new NotFoundError('Dead letter not found');
    const replayed: Replayed[] = [];
    for (const letter of letters) replayed.push(await this.replayOne(letter));
    return replayed;
  }

  private async replayOne({ id, eventId, event, envelope }: DeadLetter): Promise<Replayed> {
    try {
      await this.dispatcher.dispatch(parseEnvelope(envelope, event));
      await this.letters.hardDelete({ id });
      return { eventId, event };
    } catch (failure) {
      const error = failure instanceof Error ? failure.message : String(failure);
      await this.letters.update({ id }, { error: storable(error), attempts: () => 'attempts + 1' });
      return { eventId, event, error };
    }
  }
}

/** PostgreSQL takes no NUL in a text. */
function storable(text: string): string {
  return text.replaceAll('\0', '\\0');
}
