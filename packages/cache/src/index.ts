export { Cache } from './cache.js';
export { Cached, Invalidates } from './cache.decorators.js';
export { CACHE_REDIS, CacheModule } from './cache.module.js';
export { cacheKey } from './key-template.js';
