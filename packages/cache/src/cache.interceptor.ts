import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AppError, requestContext } from '@repo/core';
import type { FastifyReply } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Cached, Invalidates } from './cache.decorators.js';
import { Cache, type CachePolicy } from './cache.js';
import type { KeyInput, KeyTemplate } from './key-template.js';

/** `"` + 27 characters of SHA-1 + `"`, stored in front of the body. */
const ETAG_LENGTH = 29;

/** Implements `@Cached` and `@Invalidates` on HTTP routes. */
@Injectable()
export class CacheInterceptor implements NestInterceptor {
  constructor(
    private readonly cache: Cache,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!this.cache.enabled || context.getType() !== 'http') return next.handle();
    const input = context.switchToHttp().getRequest<KeyInput>();
    const route = context.getHandler();

    const cached = this.reflector.get(Cached, route);
    if (cached?.key.covers(input) && !requestContext()?.user) {
      const policy = { tags: tagsOf(cached.tags, input), ttlSeconds: cached.ttlSeconds };
      const reply = context.switchToHttp().getResponse<FastifyReply>();
      return from(this.read(cached.key.key(input), policy, reply, next));
    }
    const invalidated = this.reflector.get(Invalidates, route);
    if (invalidated) return from(this.write(tagsOf(invalidated, input), next));
    return next.handle();
  }

  private async read(
    key: string,
    policy: CachePolicy,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<Buffer> {
    const cached = await this.cache.wrapBytes(`response:${key}`, policy, async () =>
      withEtag(JSON.stringify((await lastValueFrom(next.handle())) ?? null)),
    );
    reply.header('content-type', 'application/json; charset=utf-8');
    reply.header('etag', cached.toString('latin1', 0, ETAG_LENGTH));
    return cached.subarray(ETAG_LENGTH);
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
