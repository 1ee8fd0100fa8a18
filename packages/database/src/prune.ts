import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';

const BATCH = 5_000;
const HOUR_MS = 3_600_000;

/** Deletes the rows that are older than `days`, in batches. @returns the number of rows */
export async function prune(
  dataSource: DataSource,
  entity: Function,
  olderThan: { column: string; days: number },
): Promise<number> {
  const { tablePath } = dataSource.getMetadata(entity);
  let pruned = 0;
  for (;;) {
    const [, count]: [unknown, number] = await dataSource.query(
      `DELETE FROM ${tablePath} WHERE ctid IN (
         SELECT ctid FROM ${tablePath} WHERE ${olderThan.column} < now() - make_interval(days => $1)
         LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [olderThan.days, BATCH],
    );
    pruned += count;
    if (count < BATCH) return pruned;
  }
}

/** Prunes about every hour. The jitter keeps replicas from pruning at the same time. */
export function pruneHourly(prune: () => Promise<number>): void {
  const run = () => void prune().catch((error: unknown) => new Logger('prune').warn(String(error)));
  setInterval(run, HOUR_MS * (0.9 + Math.random() * 0.2)).unref();
}
