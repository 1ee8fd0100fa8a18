import { setTimeout as delay } from 'node:timers/promises';
import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { Injectable, Logger } from '@nestjs/common';
import { failpoint } from '@repo/core';
import { DataSource, type EntityManager } from 'typeorm';
import { DeadLetter, OUTBOX } from './dead-letter.entity.js';
import { declareStream, publishEvent } from './event-stream.js';
import { NatsClient } from './nats-client.js';
import { OutboxMessage } from './outbox-message.entity.js';

const BATCH_SIZE = 100;
/** `wake()` follows each commit; polling finds the events of a process that exited before it. */
const POLL_MS = 2_000;
const RETRY_MS = 500;
/** After `wake()`: the events of this time are one batch, and its statements are executed once. */
const GATHER_MS = 20;
/** Limits the duration of the batch's transaction. The next batch publishes the rest. */
const BATCH_TIMEOUT_MS = 3_000;
/** Pause after a failure; each refusal doubles it. */
const BACK_OFF_MS = 250;
/** Attempts to publish an event that NATS refuses. */
const MAX_ATTEMPTS = 5;
/** Error code of JetStream for a message above the `max_msg_size` of the stream. */
const MESSAGE_TOO_LARGE = 10_054;

interface Row {
  seq: string;
  id: string;
  event: string;
  aggregate_id: string;
  envelope: string;
  attempts: number;
}

interface Failure {
  row: Row;
  error: unknown;
}

type BatchResult = 'more' | 'done' | 'failed';

/**
 * Publishes the events of the outbox to JetStream. Every replica runs one relay.
 *
 * The transaction that locks a row also deletes it, after JetStream has stored the event. If the transaction
 * fails, the row is published again with the same id, which the stream and the inboxes recognize. Events of
 * one aggregate are published in order.
 */
@Injectable()
export class OutboxRelay {
  private readonly logger = new Logger(OutboxRelay.name);
  private stopping = false;
  private awake = false;
  private streamDeclared = false;
  private pause = new AbortController();
  private stopWatching: (() => void)[] = [];
  private loop?: Promise<void>;

  constructor(
    private readonly nats: NatsClient,
    private readonly dataSource: DataSource,
  ) {}

  start(): void {
    this.stopWatching = [
      this.nats.on('connected', () => this.wake()),
      this.nats.on('disconnected', () => (this.streamDeclared = false)),
    ];
    this.loop = this.run();
  }

  /** Ends the pause between batches, because an event was committed. */
  wake(): void {
    if (this.awake) return;
    this.awake = true;
    this.pause.abort();
  }

  /** Completes the current batch, and publishes one more with the events that were committed meanwhile. */
  async stop(): Promise<void> {
    if (!this.loop) return;
    this.stopping = true;
    for (const stop of this.stopWatching) stop();
    this.pause.abort();
    await this.loop;
    await this.publishSome();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.awake = false;
      const result = await this.publishSome();
      if (result === 'more') continue;
      await this.rest(result === 'failed' ? RETRY_MS : POLL_MS);
      if (!this.stopping) await delay(GATHER_MS);
    }
  }

  private async rest(ms: number): Promise<void> {
    if (this.awake || this.stopping) return;
    this.pause = new AbortController();
    const { signal } = this.pause;
    await delay(ms * (0.75 + Math.random() * 0.5), undefined, { signal }).catch(() => undefined);
  }

  private async publishSome(): Promise<BatchResult> {
    if (!this.nats.connected) return 'done';
    try {
      if (!this.streamDeclared) await declareStream(this.nats.connection, this.nats.options.streamReplicas);
      this.streamDeclared = true;
      return await this.dataSource.transaction((manager) => this.publishBatch(manager));
    } catch (error) {
      if (!this.stopping) this.logger.warn(`The outbox could not be published: ${String(error)}`);
      return 'failed';
    }
  }

  private async publishBatch(manager: EntityManager): Promise<BatchResult> {
    const rows = await this.lockRows(manager);
    if (rows.length === 0) return 'done';
    const until = performance.now() + BATCH_TIMEOUT_MS;
    const aggregates = await this.groupByAggregate(manager, rows);
    failpoint('outbox.before-publish');
    const results = await Promise.all(aggregates.map((events) => this.publishInOrder(events, until)));
    const published = results.flatMap((result) => result.published);
    failpoint('outbox.before-delete');
    await manager.query(`DELETE FROM ${this.table} WHERE seq = ANY($1)`, [published]);
    const failures = results.flatMap(({ failure }) => failure ?? []);
    for (const failure of failures) await this.handleFailure(manager, failure);
    if (rows.length === BATCH_SIZE && published.length > 0) return 'more';
    return failures.length > 0 ? 'failed' : 'done';
  }

  /** The oldest rows that are due, not locked by another relay, and not behind a postponed event. */
  private lockRows(manager: EntityManager): Promise<Row[]> {
    return manager.query(
      `SELECT seq, id, event, aggregate_id, envelope, attempts FROM ${this.table} AS message
       WHERE next_attempt_at <= now() AND NOT EXISTS (
         SELECT FROM ${this.table} AS earlier WHERE earlier.aggregate_id = message.aggregate_id
         AND earlier.seq < message.seq AND earlier.next_attempt_at > now())
       ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [BATCH_SIZE],
    );
  }

  /** The events per aggregate, up to the first that is not in `rows`: another relay may have locked it. */
  private async groupByAggregate(manager: EntityManager, rows: Row[]): Promise<Row[][]> {
    const missing: Pick<Row, 'aggregate_id' | 'seq'>[] = await manager.query(
      `SELECT aggregate.id AS aggregate_id, missing.seq
       FROM (SELECT DISTINCT unnest($1::text[]) AS id) AS aggregate
       CROSS JOIN LATERAL (SELECT seq FROM ${this.table} AS message
         WHERE message.aggregate_id = aggregate.id AND seq <> ALL($2)
         ORDER BY seq LIMIT 1) AS missing`,
      [rows.map(({ aggregate_id }) => aggregate_id), rows.map(({ seq }) => seq)],
    );
    const ends = new Map(missing.map(({ aggregate_id, seq }) => [aggregate_id, BigInt(seq)]));
    const publishable = rows.filter((row) => {
      const end = ends.get(row.aggregate_id);
      return end === undefined || BigInt(row.seq) < end;
    });
    return [...Map.groupBy(publishable, (row) => row.aggregate_id).values()];
  }

  /** Stops at the first failure, so that later events of the aggregate do not overtake the failed one. */
  private async publishInOrder(
    events: Row[],
    until: number,
  ): Promise<{ published: string[]; failure?: Failure }> {
    const published: string[] = [];
    for (const row of events) {
      if (performance.now() > until) break;
      try {
        await publishEvent(this.nats.connection, row.event, row.id, row.envelope);
        published.push(row.seq);
      } catch (error) {
        return { published, failure: { row, error } };
      }
    }
    return { published };
  }

  /** Only refusals are attempts: an event is kept however long a server is unavailable. */
  private async handleFailure(manager: EntityManager, failure: Failure): Promise<void> {
    const { row, error } = failure;
    const attempts = row.attempts + (isRefusal(error) ? 1 : 0);
    if (attempts >= MAX_ATTEMPTS) return this.giveUp(manager, failure);
    this.logger.warn(`${row.event} ${row.id} could not be published: ${String(error)}`);
    await manager.query(
      `UPDATE ${this.table} SET attempts = $2, last_error = $3,
         next_attempt_at = now() + $4 * interval '1 millisecond' WHERE seq = $1`,
      [row.seq, attempts, String(error), BACK_OFF_MS * 2 ** attempts],
    );
  }

  /** The events behind it are published. `replay` puts it into the outbox again. */
  private async giveUp(manager: EntityManager, { row, error }: Failure): Promise<void> {
    this.logger.error(
      `${row.event} ${row.id} is refused by NATS and becomes a dead letter: ${String(error)}`,
    );
    const { id: eventId, event, envelope } = row;
    const letter = { consumer: OUTBOX, eventId, event, envelope };
    const attempt = { attempts: row.attempts + 1, error: String(error) };
    await manager.getRepository(DeadLetter).upsert({ ...letter, ...attempt }, ['consumer', 'eventId']);
    await manager.query(`DELETE FROM ${this.table} WHERE seq = $1`, [row.seq]);
  }

  private get table(): string {
    return this.dataSource.getMetadata(OutboxMessage).tablePath;
  }
}

/** Whether NATS answers, and refuses this event: it is too large, or the service has no right to publish it. */
function isRefusal(error: unknown): boolean {
  const reason = error instanceof errors.RequestError ? error.cause : error;
  return (
    reason instanceof errors.InvalidArgumentError ||
    reason instanceof errors.PermissionViolationError ||
    (reason instanceof JetStreamApiError && reason.code === MESSAGE_TOO_LARGE)
  );
}
