import { SetMetadata } from '@nestjs/common';
import { KeyTemplate } from './key-template.js';

/** Templates of keys and tags: see `KeyTemplate`. */
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
 * Keeps the ready-to-send answers of a public GET, one for each key: the body, not headers of the handler's own. The
 * form of a request is checked when its key is first seen. A request that names a query parameter which the
 * key does not have, or that comes from a known user, is not answered from the cache, nor kept.
 */
export const Cached = ({ key, tags, ttlSeconds }: CachedOptions): MethodDecorator =>
  SetMetadata<symbol, CachedRoute>(CACHED, { key: new KeyTemplate(key), tags: templates(tags), ttlSeconds });

/** Invalidates the tags when the handler is done, before its answer is sent. */
export const Invalidates = ({ tags }: { tags: readonly string[] }): MethodDecorator =>
  SetMetadata<symbol, InvalidatingRoute>(INVALIDATES, { tags: templates(tags) });

function templates(tags: readonly string[]): KeyTemplate[] {
  return tags.map((tag) => new KeyTemplate(tag));
}
