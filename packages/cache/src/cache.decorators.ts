import { Reflector } from '@nestjs/core';
import { KeyTemplate } from './key-template.js';

/** Key and tags are templates: `{name}` is a path or query parameter. */
export interface CachedOptions {
  key: string;
  tags: readonly string[];
  ttlSeconds: number;
}

/**
 * Caches the serialized response of a public GET, without headers that the handler sets. A request with a
 * user, or with a query parameter that is not in the key, is neither answered from the cache nor cached.
 */
export const Cached = Reflector.createDecorator({
  transform: ({ key, tags, ttlSeconds }: CachedOptions) => ({
    key: new KeyTemplate(key),
    tags: tags.map((tag) => new KeyTemplate(tag)),
    ttlSeconds,
  }),
});

/** Invalidates the tags after the handler and before the response is sent. */
export const Invalidates = Reflector.createDecorator({
  transform: ({ tags }: Pick<CachedOptions, 'tags'>) => tags.map((tag) => new KeyTemplate(tag)),
});
