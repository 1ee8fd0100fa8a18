import { Logger } from '@nestjs/common';
import { failpoint } from '@repo/core';
import type { DataSource, EntityManager } from 'typeorm';
import { declareStream, publishEvent } from './event-stream.js';
import type { NatsClient } from './nats-client.js';
import { OutboxMessage } from './outbox-message.entity.js';

const BATCH_SIZE = 100;
/** A wake follows every commit; the poll finds what a process left behind that died in between. */
const POLL_MS = 2_000;
const RETRY_MS = 500;
/** A batch holds a transaction open: what does not go out in this time is for the next one. */
const BATCH_BUDGET_MS = 3_000;
const MAX_BACK_OFF_MS = 5_000;

interface Row {
  seq: string;
  id: string;
  event: string;
  aggregate_id: string;
  envelope: string;
}

interface Failure {
  row: Row;
  error: unknown;
}

/**
 * Publishes what stands in the outbox; every replica runs one. A row is deleted by the transaction that locked it,
 * once JetStream has it on disk: if that transaction fails, the row is published again under the same id, and is the
 * same message to the stream and to every inbox. Rows about the same thing go out in their order.
 */
export class OutboxRelay {
  private readonly logger = new Logger(OutboxRelay.name);
  private stopping = false;
  private awake = false;
  private streamDeclared = false;
  private interrupt: () => void = () => undefined;
  private stopWatching: (() => void)[] = [];
  private loop?: Promise<void>;

  constructor(
    private readonly nats: NatsClient,
    private readonly dataSource: DataSource,
  ) {}

  start(): void {
    this.stopWatching = [
      this.nats.onConnected(() => this.wake()),
      this.nats.onLost(() => (this.streamDeclared = false)),
    ];
    this.loop = this.run();
  }

  /** There is something to publish. */
  wake(): void {
    this.awake = true;
    this.interrupt();
  }

  /** Finishes the batch in hand, and one more for what was committed meanwhile. */
  async stop(): Promise<void> {
    if (!this.loop) return;
    this.stopping = true;
    for (const stop of this.stopWatching) stop();
    this.interrupt();
    await this.loop;
    await this.publishSome();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.awake = false;
      const outcome = await this.publishSome();
      if (outcome !== 'more') await this.rest(outcome === 'failed' ? RETRY_MS : POLL_MS);
    }
  }

  private async rest(ms: number): Promise<void> {
    if (this.awake || this.stopping) return;
    const pause = ms * (0.75 + Math.random() * 0.5);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause);
      this.interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** `more`: there may be more to do at once. */
  private async publishSome(): Promise<'more' | 'done' | 'failed'> {
    if (!this.nats.connected) return 'done';
    try {
      if (!this.streamDeclared) await declareStream(this.nats.connection);
      this.streamDeclared = true;
      return await this.dataSource.transaction((manager) => this.publishBatch(manager));
    } catch (error) {
      if (!this.stopping) this.logger.warn(`The outbox could not be published: ${String(error)}`);
      return 'failed';
    }
  }

  private async publishBatch(manager: EntityManager): Promise<'more' | 'done' | 'failed'> {
    const rows = await this.lockRows(manager);
    if (rows.length === 0) return 'done';
    const until = performance.now() + BATCH_BUDGET_MS;
    const lines = await this.linesOf(manager, rows);
    failpoint('outbox.before-publish');
    const outcomes = await Promise.all(lines.map((line) => this.publishLine(line, until)));
    const published = outcomes.flatMap((outcome) => outcome.published);
    failpoint('outbox.before-mark');
    await manager.query(`DELETE FROM ${this.table} WHERE seq = ANY($1)`, [published]);
    const failures = outcomes.flatMap(({ failure }) => failure ?? []);
    for (const failure of failures) await this.postpone(manager, failure);
    if (rows.length === BATCH_SIZE && published.length > 0) return 'more';
    return failures.length > 0 ? 'failed' : 'done';
  }

  /** The oldest rows that are due, without those in other hands and those behind one that is not due. */
  private lockRows(manager: EntityManager): Promise<Row[]> {
    return manager.query(
      `SELECT seq, id, event, aggregate_id, envelope FROM ${this.table} AS message
       WHERE next_attempt_at <= now() AND NOT EXISTS (
         SELECT FROM ${this.table} AS earlier WHERE earlier.aggregate_id = message.aggregate_id
         AND earlier.seq < message.seq AND earlier.next_attempt_at > now())
       ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [BATCH_SIZE],
    );
  }

  /** Rows about the same thing, in order, up to the first that is not among these: it may be in other hands. */
  private async linesOf(manager: EntityManager, rows: Row[]): Promise<Row[][]> {
    const missing: Pick<Row, 'aggregate_id' | 'seq'>[] = await manager.query(
      `SELECT line.aggregate_id, missing.seq FROM (SELECT DISTINCT unnest($1::text[]) AS aggregate_id) AS line
       CROSS JOIN LATERAL (SELECT seq FROM ${this.table} AS message
         WHERE message.aggregate_id = line.aggregate_id AND seq <> ALL($2)
         ORDER BY seq LIMIT 1) AS missing`,
      [rows.map(({ aggregate_id }) => aggregate_id), rows.map(({ seq }) => seq)],
    );
    const ends = new Map(missing.map(({ aggregate_id, seq }) => [aggregate_id, BigInt(seq)]));
    const lines = new Map<string, Row[]>();
    for (const row of rows) {
      const end = ends.get(row.aggregate_id);
      if (end !== undefined && end < BigInt(row.seq)) continue;
      const line = lines.get(row.aggregate_id);
      if (line) line.push(row);
      else lines.set(row.aggregate_id, [row]);
    }
    return [...lines.values()];
  }

  /** Stops at the first row that fails: the ones behind it must not overtake it. */
  private async publishLine(line: Row[], until: number): Promise<{ published: string[]; failure?: Failure }> {
    const published: string[] = [];
    for (const row of line) {
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

  private async postpone(manager: EntityManager, { row, error }: Failure): Promise<void> {
    this.logger.warn(`${row.event} ${row.id} could not be published: ${String(error)}`);
    await manager.query(
      `UPDATE ${this.table} SET attempts = attempts + 1, last_error = $2,
         next_attempt_at = now() + least(250 * 2 ^ least(attempts, 10), $3::int) * interval '1 millisecond'
       WHERE seq = $1`,
      [row.seq, String(error), MAX_BACK_OFF_MS],
    );
  }

  private get table(): string {
    return this.dataSource.getMetadata(OutboxMessage).tablePath;
  }
}
