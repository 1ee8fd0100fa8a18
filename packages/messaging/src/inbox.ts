import type { EventEnvelope } from '@repo/contracts';
import { type Database, prune, type Transaction } from '@repo/database';
import type { DataSource } from 'typeorm';
import { EVENT_LIFETIME_DAYS } from './event-stream.js';
import { InboxMessage } from './inbox-message.entity.js';

/** Applies each event once, however often it is delivered. */
export class Inbox {
  constructor(
    private readonly database: Database,
    private readonly service: string,
  ) {}

  /**
   * Runs `effect` in one transaction with the note that the event was seen: both stand, or neither.
   *
   * @param feature who hears it, when several features of a service hear the same event: each has notes of its own
   * @returns false when it was seen before, and nothing was done
   */
  async once(
    event: Pick<EventEnvelope, 'id'>,
    effect: (tx: Transaction) => Promise<void>,
    feature?: string,
  ): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const { tablePath } = tx.manager.connection.getMetadata(InboxMessage);
      // A second delivery that runs at the same time waits here for the outcome of the first.
      const fresh: unknown[] = await tx.manager.query(
        `INSERT INTO ${tablePath} (event_id, consumer) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING event_id`,
        [event.id, feature ? `${this.service}.${feature}` : this.service],
      );
      if (fresh.length === 0) return false;
      await effect(tx);
      return true;
    });
  }
}

/** Deletes notes that no delivery can ask for any more. @returns how many */
export function pruneInbox(dataSource: DataSource): Promise<number> {
  return prune(dataSource, InboxMessage, { column: 'received_at', days: EVENT_LIFETIME_DAYS + 1 });
}
