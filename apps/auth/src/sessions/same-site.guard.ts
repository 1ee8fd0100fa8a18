import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AppError } from '@repo/core';
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
    if (!foreign || known) return true;
    const source = origin ? `the origin ${origin}` : 'another site';
    const detail = `Requests from ${source} are not allowed: CORS_ORIGINS has to list the origin of the page.`;
    throw new AppError(403, detail, { code: 'foreign-origin' });
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
