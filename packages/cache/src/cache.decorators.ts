import { SetMetadata } from '@nestjs/common';
import { KeyTemplate } from './key-template.js';

/** Key and tags are templates: `{name}` is a path or query parameter. */
export interface CachedOptions {
  key: string;
  tags: readonly string[];
  ttlSeconds: number;
}

export interface CachedRoute {
  key: KeyTemplate;
  tags: KeyTemplate[];
  ttlSeconds: number;
}

export interface InvalidatingRoute {
  tags: KeyTemplate[];
}

export const CACHED = Symbol('CACHED');
export const INVALIDATES = Symbol('INVALIDATES');

/**
 * Caches the serialized response of a public GET, without headers that the handler sets. A request with a user, or with a
 * query parameter that is not in the key, is neither answered from the cache nor cached.
 */
export const Cached = ({ key, tags, ttlSeconds }: CachedOptions): MethodDecorator =>
  SetMetadata<symbol, CachedRoute>(CACHED, { key: new KeyTemplate(key), tags: templates(tags), ttlSeconds });

/** Invalidates the tags after the handler and before the response is sent. */
export const Invalidates = ({ tags }: { tags: readonly string[] }): MethodDecorator =>
  SetMetadata<symbol, InvalidatingRoute>(INVALIDATES, { tags: templates(tags) });

function templates(tags: readonly string[]): KeyTemplate[] {
  return tags.map((tag) => new KeyTemplate(tag));
}
