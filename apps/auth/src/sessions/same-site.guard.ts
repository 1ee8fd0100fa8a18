import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ForbiddenError } from '@repo/core';
import type { FastifyRequest } from 'fastify';
import { AuthConfig } from '../app.config.js';

/** Refuses requests from pages of other sites on routes that set or read the refresh cookie. */
@Injectable()
export class SameSiteGuard implements CanActivate {
  constructor(private readonly config: AuthConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const origin = headers.origin;
    const known =
      origin !== undefined && (this.config.CORS_ORIGINS.includes(origin) || hostOf(origin) === headers.host);
    const foreign = headers['sec-fetch-site'] === 'cross-site' || origin !== undefined;
    if (foreign && !known) throw new ForbiddenError('Cross-site requests are not allowed here.');
    return true;
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
