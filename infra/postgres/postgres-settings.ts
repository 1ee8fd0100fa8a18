/**
 * Settings of PostgreSQL for one machine that runs everything else too: little memory, no parallel queries.
 * `durable: false` trades crash safety for speed: tests only.
 */
export function postgresSettings({ durable }: { durable: boolean }): Record<string, string> {
  return {
    max_connections: '200',
    shared_buffers: '32MB',
    work_mem: '4MB',
    maintenance_work_mem: '32MB',
    effective_cache_size: '256MB',
    jit: 'off',
    max_parallel_workers: '0',
    max_parallel_workers_per_gather: '0',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
    min_wal_size: '64MB',
    max_wal_size: '512MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_duration_statement: '500ms',
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' }),
  };
}
