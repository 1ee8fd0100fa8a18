// @ts-check
import { createHash } from 'node:crypto';
import { SERVICE_NAMES, SERVICES } from '../services.ts';

/**
 * The kinds of Redis that the system needs.
 *
 * `cache` holds copies: bounded, nothing on disk. Only keys with an expiry are evicted, the least recently used first.
 *
 * `limits` holds the counters of rate limits: bounded, nothing on disk, and nothing is evicted. A counter that vanishes
 * lets its caller begin anew; so they share no memory with a cache, and when there is no room each process limits alone.
 *
 * `queue` holds jobs: nothing is ever evicted, and every write goes to the append-only file.
 *
 * @typedef {'cache' | 'limits' | 'queue'} RedisKind
 */
const BY_KIND = {
  cache: ['maxmemory 64mb', 'maxmemory-policy volatile-lru', 'appendonly no'],
  limits: ['maxmemory 64mb', 'maxmemory-policy noeviction', 'appendonly no'],
  queue: ['maxmemory 256mb', 'maxmemory-policy noeviction', 'appendonly yes', 'appendfsync everysec'],
};

/** @type {RedisKind[]} */
export const REDIS_KINDS = ['cache', 'limits', 'queue'];

/** Where a service's key patterns for one kind are named in SERVICES. */
export const KEYS_OF = /** @type {const} */ ({ cache: 'cacheKeys', limits: 'limitKeys', queue: 'queueKeys' });

/**
 * @param {object} options
 * @param {RedisKind} options.kind
 * @param {string} options.host
 * @param {number} options.port
 * @param {string} options.dir
 * @param {string} [options.aclFile]  without it (tests) anyone may do anything: loopback only
 */
export function redisConfig({ kind, host, port, dir, aclFile }) {
  return [
    `bind ${host}`,
    `port ${port}`,
    `dir ${JSON.stringify(dir)}`,
    'save ""',
    ...BY_KIND[kind],
    // The ACL decides who may do what, from wherever they come.
    ...(aclFile ? [`aclfile ${JSON.stringify(aclFile)}`, 'protected-mode no'] : []),
    'daemonize no',
    '',
  ].join('\n');
}

/**
 * The ACL file of one Redis: its users, each confined to its own keys. Passwords are stored as digests. Without
 * a password one may say PING, for health checks, and nothing else.
 *
 * @param {object} options
 * @param {RedisKind} options.kind
 * @param {Record<string, string>} options.passwords  service → password
 */
export function redisAcl({ kind, passwords }) {
  const users = SERVICE_NAMES.flatMap((service) => {
    const keys = SERVICES[service][KEYS_OF[kind]];
    if (keys.length === 0) return [];
    const digest = createHash('sha256').update(passwords[service]).digest('hex');
    const patterns = keys.map((key) => `~${key}`).join(' ');
    // INFO is what clients ask a server before they trust it; the rest of @dangerous is for operators.
    return [`user ${service} on #${digest} ${patterns} +@all -@admin -@dangerous +info`];
  });
  return ['user default on nopass -@all +ping', ...users, ''].join('\n');
}
