// @ts-check
/**
 * The services of the system, and what each may do on the shared servers. Whatever else has to know them (accounts,
 * secrets, migrations, `npm start`, the tests, the API document) reads it here.
 *
 * @typedef {object} Service
 * @property {boolean} http        the gateway sends requests to it
 * @property {string} schema       its schema in Postgres; who bears the schema's name owns it and migrates it
 * @property {string[]} asks       requests to other services (`rpc.<request>`) that it may make
 * @property {string[]} hears      events that it consumes
 * @property {string[]} announces  nouns whose events (`events.<noun>.…`) it may publish
 * @property {string[]} broadcasts what all replicas keep in memory and it may change (`replicas.topic.<topic>`)
 * @property {string[]} cacheKeys  key patterns on the Redis for the cache
 * @property {string[]} limitKeys  key patterns on the Redis for rate limits, whose counters all services share
 * @property {string[]} queueKeys  key patterns on the Redis for queues
 */

/** What tells a service who calls it, and about whom. Nothing of it gives a secret away. */
export const COMMON_REQUESTS = [
  'auth.get-keys',
  'auth.list-revocations',
  'users.get-user',
  'users.get-user-by-username',
  'users.get-rate-limit-rule',
];

/** @satisfies {Record<string, Service>} */
export const SERVICES = {
  auth: {
    http: true,
    schema: 'auth',
    asks: ['users.get-user', 'users.verify-credentials', 'users.change-password'],
    hears: ['user.deleted', 'user.erased', 'user.password-changed', 'user.privileges-changed'],
    announces: ['session', 'job'],
    broadcasts: ['revocations'],
    cacheKeys: ['cache:auth:*'],
    limitKeys: ['limits:*', 'login:known:*'],
    queueKeys: [],
  },
  users: {
    http: true,
    schema: 'users',
    asks: ['auth.get-keys', 'auth.list-revocations'],
    hears: [],
    announces: ['user', 'tier', 'rate-limits', 'job'],
    broadcasts: ['revocations', 'rate-limits'],
    cacheKeys: ['cache:users:*'],
    limitKeys: ['limits:*'],
    queueKeys: [],
  },
  posts: {
    http: true,
    schema: 'posts',
    asks: COMMON_REQUESTS,
    hears: ['user.created', 'user.updated', 'user.deleted', 'user.erased'],
    announces: ['post', 'job'],
    broadcasts: [],
    cacheKeys: ['cache:posts:*'],
    limitKeys: ['limits:*'],
    queueKeys: [],
  },
  jobs: {
    http: true,
    schema: 'jobs',
    asks: [...COMMON_REQUESTS, 'auth.check-password'],
    hears: ['job.requested', 'user.erased'],
    announces: ['task', 'job'],
    broadcasts: [],
    cacheKeys: ['cache:jobs:*'],
    limitKeys: ['limits:*'],
    queueKeys: ['bull:*'],
  },
  worker: {
    http: false,
    schema: 'jobs',
    asks: [],
    hears: [],
    announces: ['task', 'job'],
    broadcasts: [],
    cacheKeys: [],
    limitKeys: [],
    queueKeys: ['bull:*'],
  },
};

/** @typedef {keyof typeof SERVICES} ServiceName */

export const SERVICE_NAMES = /** @type {ServiceName[]} */ (Object.keys(SERVICES));

/** Services that own a schema and so have migrations. */
export const SCHEMA_OWNERS = SERVICE_NAMES.filter((name) => SERVICES[name].schema === name);

/** Services that work in the schema of another. */
export const SCHEMA_GUESTS = SERVICE_NAMES.filter((name) => SERVICES[name].schema !== name);

/** Services that the gateway sends requests to. */
export const HTTP_SERVICES = SERVICE_NAMES.filter((name) => SERVICES[name].http);
