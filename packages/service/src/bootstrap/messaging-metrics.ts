import { type DeadLetters, OutboxMessage } from '@repo/messaging';
import { Gauge, type Registry } from '@prometheus-io/client';
import type { DataSource } from 'typeorm';

/** Gauges of the outbox and the dead letters. They are read at each scrape, and missing while PostgreSQL is unavailable. */
export function registerMessagingMetrics(
  registry: Registry,
  dataSource: DataSource,
  deadLetters: DeadLetters,
): void {
  const gauge = (name: string, help: string, read: () => Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        await read().then(
          (value) => this.set(value),
          () => this.remove(),
        );
      },
    });
  const outbox = () => dataSource.getRepository(OutboxMessage);
  gauge('outbox_messages', 'Events that are committed and not yet published', () => outbox().count());
  gauge('outbox_lag_seconds', 'Age of the oldest unpublished event', async () => {
    const [oldest] = await outbox().find({ order: { seq: 'ASC' }, take: 1 });
    if (!oldest) return 0;
    const { occurredAt } = JSON.parse(oldest.envelope) as { occurredAt: string };
    return Math.max(0, (Date.now() - Date.parse(occurredAt)) / 1000);
  });
  gauge('dead_letters', 'Events that this service could not apply', () => deadLetters.count());
}
