// @ts-check
/**
 * The services of the system, and what each may do on the shared servers. Whatever else has to know them (accounts,
 * secrets, migrations, `npm start`, the tests, the API document) reads it here.
 *
 * @typedef {object} Service
 * @property {boolean} http        the gateway sends requests to it
 * @property {string} schema       its schema in Postgres; who bears the schema's name owns it and migrates it
 * @property {string[]} asks       services whose requests (`rpc.<service>.…`) it may call
 * @property {string[]} hears      events that it consumes
 * @property {string[]} announces  nouns whose events (`events.<noun>.…`) it may publish
 * @property {string[]} cacheKeys  key patterns on the Redis for the cache
 * @property {string[]} limitKeys  key patterns on the Redis for rate limits, whose counters all services share
 * @property {string[]} queueKeys  key patterns on the Redis for queues
 */

/** @satisfies {Record<string, Service>} */
export const SERVICES = {
  auth: {
    http: true,
    schema: 'auth',
    asks: ['users'],
    hears: ['user.deleted', 'user.erased', 'user.password-changed', 'user.privileges-changed'],
    announces: ['session', 'job'],
    cacheKeys: ['cache:auth:*'],
    limitKeys: ['limits:*', 'login:known:*'],
    queueKeys: [],
  },
  users: {
    http: true,
    schema: 'users',
    asks: ['auth'],
    hears: [],
    announces: ['user', 'tier', 'rate-limits', 'job'],
    cacheKeys: ['cache:users:*'],
    limitKeys: ['limits:*'],
    queueKeys: [],
  },
  posts: {
    http: true,
    schema: 'posts',
    asks: ['users', 'auth'],
    hears: ['user.created', 'user.updated', 'user.deleted', 'user.erased'],
    announces: ['post', 'job'],
    cacheKeys: ['cache:posts:*'],
    limitKeys: ['limits:*'],
    queueKeys: [],
  },
  jobs: {
    http: true,
    schema: 'jobs',
    asks: ['users', 'auth'],
    hears: ['job.requested', 'user.erased'],
    announces: ['task', 'job'],
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
