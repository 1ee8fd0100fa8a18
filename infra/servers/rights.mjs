// @ts-check
/**
 * Who may do what on the shared servers. A new service gets a line here, and nothing else changes.
 *
 * @typedef {object} Rights
 * @property {string[]} asks       services whose requests (`rpc.<service>.…`) it may call
 * @property {string[]} announces  nouns whose events (`events.<noun>.…`) it may publish
 * @property {string[]} cacheKeys  key patterns on the Redis for cache and limits
 * @property {string[]} queueKeys  key patterns on the Redis for queues
 */

/** @param {string} service */
const cacheAndLimits = (service) => [`cache:${service}:*`, 'limits:*'];

/** @satisfies {Record<string, Rights>} */
export const RIGHTS = {
  auth: {
    asks: ['users'],
    announces: ['session'],
    cacheKeys: [...cacheAndLimits('auth'), 'login:*'],
    queueKeys: [],
  },
  users: {
    asks: ['auth'],
    announces: ['user', 'tier', 'rate-limits'],
    cacheKeys: cacheAndLimits('users'),
    queueKeys: [],
  },
  posts: {
    asks: ['users', 'auth'],
    announces: ['post'],
    cacheKeys: cacheAndLimits('posts'),
    queueKeys: [],
  },
  jobs: {
    asks: ['users', 'auth'],
    announces: ['task'],
    cacheKeys: cacheAndLimits('jobs'),
    queueKeys: ['bull:*'],
  },
  worker: {
    asks: [],
    announces: ['task'],
    cacheKeys: [],
    queueKeys: ['bull:*'],
  },
};

/** @typedef {keyof typeof RIGHTS} Service */

/** Every service that has an account on the servers. */
export const SERVICES = /** @type {Service[]} */ (Object.keys(RIGHTS));

/** Services that own a schema in Postgres and so have migrations; the worker works in that of jobs. */
export const SCHEMA_OWNERS = /** @type {const} */ (['auth', 'users', 'posts', 'jobs']);
