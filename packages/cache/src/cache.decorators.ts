import { Reflector } from '@nestjs/core';
import type { CachePolicy } from './cache.js';
import { KeyTemplate } from './key-template.js';

/**
 * Caches the serialized response of a public GET, without headers that the handler sets. A request with a
 * user, or with a query parameter that is not in the key, is neither answered from the cache nor cached.
 * Key and tags are templates: `{name}` is a path or query parameter.
 */
export const Cached = Reflector.createDecorator({
  transform: ({ key, tags, ttlSeconds }: CachePolicy & { key: string }) => ({
    key: new KeyTemplate(key),
    tags: tags.map((tag) => new KeyTemplate(tag)),
    ttlSeconds,
  }),
});

/** Invalidates the tags after the handler and before the response is sent. */
export const Invalidates = Reflector.createDecorator({
  transform: ({ tags }: Pick<CachePolicy, 'tags'>) => tags.map((tag) => new KeyTemplate(tag)),
});
