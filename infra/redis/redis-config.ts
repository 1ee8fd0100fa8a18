import { createHash } from 'node:crypto';
import { SERVICE_NAMES, SERVICES } from '../services.ts';

/** The Redis servers of the system, with their settings. */
const BY_KIND = {
  /** Copies: bounded, nothing on disk. Keys with an expiry are evicted, the least recently used first. */
  cache: ['maxmemory 64mb', 'maxmemory-policy volatile-lru', 'appendonly no'],
  /**
   * Counters of rate limits: bounded, nothing on disk, nothing evicted, because a counter that is lost lets its caller
   * start again. While memory is full, each process limits by itself.
   */
  limits: ['maxmemory 64mb', 'maxmemory-policy noeviction', 'appendonly no'],
  /** Jobs: nothing evicted, every write in the append-only file. */
  queue: ['maxmemory 256mb', 'maxmemory-policy noeviction', 'appendonly yes', 'appendfsync everysec'],
};

export type RedisKind = keyof typeof BY_KIND;

export const REDIS_KINDS = Object.keys(BY_KIND) as RedisKind[];

/** The field of SERVICES that holds a service's key patterns of one kind. */
export const KEYS_OF = { cache: 'cacheKeys', limits: 'limitKeys', queue: 'queueKeys' } as const;

export interface RedisOptions {
  kind: RedisKind;
  host: string;
  port: number;
  dir: string;
  /** Without it (tests) every client may do everything: loopback only. */
  aclFile?: string;
}

export function redisConfig({ kind, host, port, dir, aclFile }: RedisOptions): string {
  return [
    `bind ${host}`,
    `port ${port}`,
    `dir ${JSON.stringify(dir)}`,
    'save ""',
    ...BY_KIND[kind],
    // The ACL protects the server, whatever address a client has.
    ...(aclFile ? [`aclfile ${JSON.stringify(aclFile)}`, 'protected-mode no'] : []),
    'daemonize no',
    '',
  ].join('\n');
}

/**
 * The ACL file of one Redis: its users, each confined to its own keys. Passwords (service → password) are stored as
 * digests. Without a password PING is allowed, for health checks, and nothing else.
 */
export function redisAcl(kind: RedisKind, passwords: Record<string, string>): string {
  const users = SERVICE_NAMES.flatMap((service) => {
    const keys = SERVICES[service][KEYS_OF[kind]];
    if (keys.length === 0) return [];
    const digest = createHash('sha256')
      .update(passwords[service] ?? '')
      .digest('hex');
    const patterns = keys.map((key) => `~${key}`).join(' ');
    // Clients send INFO when they connect; the rest of @dangerous is for operators.
    return [`user ${service} on #${digest} ${patterns} +@all -@admin -@dangerous +info`];
  });
  return ['user default on nopass -@all +ping', ...users, ''].join('\n');
}
