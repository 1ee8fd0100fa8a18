import type { EventName, RequestName, ServiceName } from '../packages/contracts/dist/index.js';

export type { ServiceName };

/** A service, and its rights on the servers that all services share. */
export interface Service {
  /** The gateway sends HTTP requests to it. */
  http: boolean;
  /** Its schema in PostgreSQL. The service that has the schema's name owns it and migrates it. */
  schema: ServiceName;
  /** Requests that it sends to other services, on `rpc.<request>`. */
  requests: RequestName[];
  /** Events that it consumes. */
  subscribes: EventName[];
  /** Events that it publishes, on `events.<event>`. */
  publishes: EventName[];
  /** Topics of `replicas.topic.<topic>` on which it invalidates copies in memory; that of its cache follows from `cacheKeys`. */
  broadcasts: string[];
  /** Patterns of its keys in the Redis of the cache. */
  cacheKeys: string[];
  /** Patterns of its keys in the Redis of the rate limits, whose counters all services share. */
  limitKeys: string[];
  /** Patterns of its keys in the Redis of the queues. */
  queueKeys: string[];
}

/** Requests with which a service gets what it needs to verify access tokens. */
const TOKEN_REQUESTS: RequestName[] = ['auth.get-keys', 'auth.list-revocations'];

/**
 * The system. Accounts, passwords, migrations, `npm start`, the tests and the documents of the API and of the messages
 * are derived from it.
 */
export const SERVICES: Record<ServiceName, Service> = {
  auth: {
    http: true,
    schema: 'auth',
    requests: ['auth.check-password', 'users.get-user', 'users.verify-credentials', 'users.change-password'],
    subscribes: ['user.deleted', 'user.hard-deleted', 'user.password-changed', 'user.privileges-changed'],
    publishes: [],
    broadcasts: ['revocations'],
    cacheKeys: [],
    limitKeys: ['limits:*', 'login:known:*'],
    queueKeys: [],
  },
  users: {
    http: true,
    schema: 'users',
    requests: TOKEN_REQUESTS,
    subscribes: [],
    publishes: [
      'user.created',
      'user.updated',
      'user.deleted',
      'user.hard-deleted',
      'user.password-changed',
      'user.privileges-changed',
    ],
    broadcasts: ['revocations', 'rate-limits'],
    cacheKeys: ['cache:users:*'],
    limitKeys: ['limits:*'],
    queueKeys: [],
  },
  posts: {
    http: true,
    schema: 'posts',
    requests: [...TOKEN_REQUESTS, 'users.get-user-by-username'],
    subscribes: ['user.created', 'user.updated', 'user.deleted', 'user.hard-deleted'],
    publishes: ['post.created'],
    broadcasts: [],
    cacheKeys: ['cache:posts:*'],
    limitKeys: [],
    queueKeys: [],
  },
  jobs: {
    http: true,
    schema: 'jobs',
    requests: [...TOKEN_REQUESTS, 'auth.check-password', 'users.get-rate-limit-rule'],
    subscribes: ['job.requested', 'user.hard-deleted'],
    publishes: ['task.finished'],
    broadcasts: [],
    cacheKeys: [],
    limitKeys: ['limits:*'],
    queueKeys: ['bull:*'],
  },
  worker: {
    http: false,
    schema: 'jobs',
    requests: [],
    subscribes: [],
    publishes: ['task.finished'],
    broadcasts: [],
    cacheKeys: [],
    limitKeys: [],
    queueKeys: ['bull:*'],
  },
};

export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];

/** Services that own a schema and so have migrations. */
export const SCHEMA_OWNERS = SERVICE_NAMES.filter((name) => SERVICES[name].schema === name);

/** Services that work in the schema of another. */
export const SCHEMA_GUESTS = SERVICE_NAMES.filter((name) => SERVICES[name].schema !== name);

/** Services that the gateway sends requests to. */
export const HTTP_SERVICES = SERVICE_NAMES.filter((name) => SERVICES[name].http);
