import { createHash } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  Optional,
} from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';
import { AppError, EarlyResponses, requestContext } from '@repo/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Cached, Invalidates } from './cache.decorators.js';
import { Cache, type CachePolicy } from './cache.js';
import type { KeyInput, KeyTemplate } from './key-template.js';
import { ResponseIndex } from './response-index.js';

/** `"` + 27 characters of SHA-1 + `"`, stored in front of the body. */
const ETAG_LENGTH = 29;
const CONTENT_TYPE = 'application/json; charset=utf-8';

/** Implements `@Cached` and `@Invalidates` on HTTP routes. */
@Injectable()
export class CacheInterceptor implements NestInterceptor {
  private readonly responses: ResponseIndex;

  constructor(
    private readonly cache: Cache,
    private readonly reflector: Reflector,
    @Optional() early?: EarlyResponses,
  ) {
    this.responses = new ResponseIndex(cache);
    if (early) early.find = (url) => this.responses.find(url);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!this.cache.enabled || context.getType() !== 'http') return next.handle();
    const input = context.switchToHttp().getRequest<KeyInput>();
    const route = context.getHandler();

    const cached = this.reflector.get(Cached, route);
    if (cached?.key.covers(input) && !requestContext()?.user) {
      const policy = { tags: tagsOf(cached.tags, input), ttlSeconds: cached.ttlSeconds };
      return from(this.read(`response:${cached.key.key(input)}`, policy, context, next));
    }
    const invalidated = this.reflector.get(Invalidates, route);
    if (invalidated) return from(this.write(tagsOf(invalidated, input), next));
    return next.handle();
  }

  private async read(
    key: string,
    policy: CachePolicy,
    context: ExecutionContext,
    next: CallHandler,
  ): Promise<Buffer> {
    const bytes = await this.cache.wrapBytes(key, policy, async () =>
      withEtag(JSON.stringify((await lastValueFrom(next.handle())) ?? null)),
    );
    const body = bytes.subarray(ETAG_LENGTH);
    const etag = bytes.toString('latin1', 0, ETAG_LENGTH);
    const http = context.switchToHttp();
    const { method, url, routeOptions } = http.getRequest<FastifyRequest>();
    const { publicResponse, route } = requestContext()!;
    const targets = [context.getHandler(), context.getClass()];
    // Guards of the route itself decide about each request, so that it must be routed.
    const guards = this.reflector.getAllAndMerge<unknown[]>(GUARDS_METADATA, targets);
    if (method === 'GET' && publicResponse && guards.length === 0) {
      const names = { name: `GET ${route}`, route: routeOptions.url! };
      const content = { contentType: CONTENT_TYPE, etag, body: body.toString(), length: body.length };
      this.responses.set(url, { key, bytes, response: { ...names, ...content } });
    }
    http.getResponse<FastifyReply>().header('content-type', CONTENT_TYPE).header('etag', etag);
    return body;
  }

  private async write(tags: string[], next: CallHandler): Promise<unknown> {
    try {
      const response: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      await this.cache.invalidate(...tags);
      return response;
    } catch (error) {
      // A 4xx changed nothing. Any other error may have happened after the commit.
      if (!(error instanceof AppError) || error.status >= 500) await this.cache.invalidate(...tags);
      throw error;
    }
  }
}

function tagsOf(templates: KeyTemplate[], input: KeyInput): string[] {
  return templates.map((template) => template.tag(input));
}

function withEtag(body: string): Buffer {
  return Buffer.from(`"${createHash('sha1').update(body).digest('base64url')}"${body}`);
}
