import { type DeadLetters, OutboxMessage } from '@repo/messaging';
import { Gauge, type Registry } from '@prometheus-io/client';
import type { DataSource } from 'typeorm';

/** What waits in the tables of messaging; counted when it is asked for, and left out while Postgres is away. */
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
  gauge('outbox_lag_seconds', 'Age of the oldest of them', async () => {
    const [oldest] = await outbox().find({ order: { seq: 'ASC' }, take: 1 });
    if (!oldest) return 0;
    const { occurredAt } = JSON.parse(oldest.envelope) as { occurredAt: string };
    return Math.max(0, (Date.now() - Date.parse(occurredAt)) / 1000);
  });
  gauge('dead_letters', 'Events that this service gave up on', () => deadLetters.count());
}
