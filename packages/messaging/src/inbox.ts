import { Injectable } from '@nestjs/common';
import type { EventEnvelope } from '@repo/contracts';
import { Database, prune, type Transaction } from '@repo/database';
import type { DataSource } from 'typeorm';
import { EVENT_LIFETIME_DAYS } from './event-stream.js';
import { InboxMessage } from './inbox-message.entity.js';
import { NatsClient } from './nats-client.js';

/** Applies each event once, even if it is delivered several times. */
@Injectable()
export class Inbox {
  constructor(
    private readonly database: Database,
    private readonly nats: NatsClient,
  ) {}

  /**
   * Runs `effect` in the transaction that stores the id of the event as applied. If it was applied before,
   * returns false. With `feature`, each feature of the service applies the event once.
   */
  async once(
    event: Pick<EventEnvelope, 'id'>,
    effect: (tx: Transaction) => Promise<void>,
    feature?: string,
  ): Promise<boolean> {
    const { service } = this.nats;
    return this.database.transaction(async (tx) => {
      const { tablePath } = tx.manager.connection.getMetadata(InboxMessage);
      // A concurrent delivery of the same event waits here for the end of the first transaction.
      const inserted: unknown[] = await tx.manager.query(
        `INSERT INTO ${tablePath} (event_id, consumer) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING event_id`,
        [event.id, feature ? `${service}.${feature}` : service],
      );
      if (inserted.length === 0) return false;
      await effect(tx);
      return true;
    });
  }
}

/** Deletes the ids of events that the stream no longer delivers. @returns how many */
export function pruneInbox(dataSource: DataSource): Promise<number> {
  return prune(dataSource, InboxMessage, { column: 'received_at', days: EVENT_LIFETIME_DAYS + 1 });
}
