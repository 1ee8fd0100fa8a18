import { createHash } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { AppError, isReached, requestContext, wrapHandler } from '@repo/core';
import { Cache, type CachePolicy } from './cache.js';
import { type KeyInput, KeyTemplate } from './key-template.js';
import { ResponseIndex } from './response-index.js';

const CACHE = Symbol('Cache');
const RESPONSES = Symbol('ResponseIndex');

interface CachingController {
  [CACHE]: Cache;
  [RESPONSES]: ResponseIndex;
}

/** `"` + 27 characters of SHA-1 + `"`, stored in front of the body. */
const ETAG_LENGTH = 29;
const CONTENT_TYPE = 'application/json; charset=utf-8';

/**
 * Caches the serialized response of a public GET, without headers that the handler sets. A request with a
 * user, or with a query parameter that is not in the key, is neither answered from the cache nor cached.
 * Key and tags are templates: `{name}` is a path or query parameter.
 */
export function Cached({ key, tags, ttlSeconds }: CachePolicy & { key: string }): MethodDecorator {
  const keyTemplate = new KeyTemplate(key);
  const tagTemplates = tags.map((tag) => new KeyTemplate(tag));
  return (target, name, descriptor) => {
    Inject(Cache)(target, CACHE);
    Inject(ResponseIndex)(target, RESPONSES);
    wrapHandler<CachingController>(descriptor!, async (self, handle) => {
      const context = requestContext()!;
      const input = context.request as KeyInput;
      if (!self[CACHE].enabled || context.user || !keyTemplate.covers(input)) return handle();

      const entryKey = `response:${keyTemplate.key(input)}`;
      const policy = { tags: tagsOf(tagTemplates, input), ttlSeconds };
      const bytes = await self[CACHE].wrapBytes(entryKey, policy, async () =>
        withEtag(JSON.stringify((await handle()) ?? null)),
      );
      const etag = bytes.toString('latin1', 0, ETAG_LENGTH);
      const body = bytes.subarray(ETAG_LENGTH);
      if (
        context.method === 'GET' &&
        context.publicResponse &&
        isReached(wrapped, target, name, context.request!)
      ) {
        const names = { name: `GET ${context.route}`, route: context.request!.routeOptions.url! };
        const content = { contentType: CONTENT_TYPE, etag, body: body.toString(), length: body.length };
        self[RESPONSES].set(context.request!.url, {
          key: entryKey,
          bytes,
          response: { ...names, ...content },
        });
      }
      context.reply!.header('content-type', CONTENT_TYPE);
      context.reply!.header('etag', etag);
      return body;
    });
    const wrapped = descriptor!.value as object;
  };
}

/** Invalidates the tags after the handler and before the response is sent. */
export function Invalidates({ tags }: Pick<CachePolicy, 'tags'>): MethodDecorator {
  const templates = tags.map((tag) => new KeyTemplate(tag));
  return (target, _name, descriptor) => {
    Inject(Cache)(target, CACHE);
    wrapHandler<CachingController>(descriptor!, async (self, handle) => {
      const invalidate = () =>
        self[CACHE].invalidate(...tagsOf(templates, requestContext()!.request as KeyInput));
      try {
        const response = await handle();
        await invalidate();
        return response;
      } catch (error) {
        // A 4xx changed nothing. Any other error may have happened after the commit.
        if (!(error instanceof AppError) || error.status >= 500) await invalidate();
        throw error;
      }
    });
  };
}

function tagsOf(templates: KeyTemplate[], input: KeyInput): string[] {
  return templates.map((template) => template.tag(input));
}

function withEtag(body: string): Buffer {
  return Buffer.from(`"${createHash('sha1').update(body).digest('base64url')}"${body}`);
}
