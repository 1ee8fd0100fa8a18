export { Cache, type CacheOptions, type CachePolicy } from './cache.js';
export { Cached, type CachedOptions, Invalidates } from './cache.decorators.js';
export { CacheModule, type CacheSettings } from './cache.module.js';
export { cacheKey } from './key-template.js';
