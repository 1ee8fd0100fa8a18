import type { DataSource } from 'typeorm';
import { NotFoundError } from '../errors/index.js';
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
  constructor(
    private readonly dataSource: DataSource,
    private readonly dispatcher: EventDispatcher,
    private readonly service: string,
  ) {}

  /** The oldest first. */
  list(limit = 100): Promise<DeadLetter[]> {
    return this.letters.find({
      where: { consumer: this.service },
      order: { failedAt: 'ASC', eventId: 'ASC' },
      take: limit,
    });
  }

  /** Kept once, however often it is delivered. */
  async keep(letter: Omit<DeadLetter, 'consumer' | 'failedAt'>): Promise<void> {
    const { envelope, error } = letter;
    await this.letters.upsert(
      { ...letter, consumer: this.service, envelope: storable(envelope), error: storable(error) },
      ['consumer', 'eventId'],
    );
  }

  /**
   * Runs the handler once more: of one letter, or of all there are, the oldest first. One that worked is gone.
   *
   * @throws NotFoundError when there is no letter of that id
   */
  async replay(eventId: string | 'all'): Promise<Replayed[]> {
    const where = { consumer: this.service, ...(eventId !== 'all' && { eventId }) };
    const letters = await this.letters.find({ where, order: { failedAt: 'ASC', eventId: 'ASC' } });
    if (letters.length === 0 && eventId !== 'all') throw new NotFoundError('Dead letter not found');
    const replayed: Replayed[] = [];
    for (const letter of letters) replayed.push(await this.replayOne(letter));
    return replayed;
  }

  private async replayOne({ consumer, eventId, event, envelope }: DeadLetter): Promise<Replayed> {
    try {
      await this.dispatcher.dispatch(parseEnvelope(envelope, event));
      await this.letters.delete({ consumer, eventId });
      return { eventId, event };
    } catch (error) {
      return { eventId, event, error: error instanceof Error ? error.message : String(error) };
    }
  }

  private get letters() {
    return this.dataSource.getRepository(DeadLetter);
  }
}

/** PostgreSQL takes no NUL in a text. */
function storable(text: string): string {
  return text.replaceAll('\0', '\\0');
}
