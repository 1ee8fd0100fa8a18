import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ForbiddenError, requestContext, UnauthenticatedError } from '@repo/core';
import { Requests } from '@repo/messaging';
import type { FastifyRequest } from 'fastify';
import { bearerToken } from './auth.guard.js';
import { TokenVerifier } from './token-verifier.js';

/** An attempt may wait for other attempts at the same account. */
const CHECK_TIMEOUT_MS = 4_000;

/**
 * Admits superusers to pages in a browser, by bearer token or by Basic credentials from the browser's login prompt. The
 * browser adds these credentials to requests of other sites too, so such pages must be read-only.
 */
@Injectable()
export class SuperuserLoginGuard implements CanActivate {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly requests: Requests,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const caller = await this.caller(context.switchToHttp().getRequest<FastifyRequest>());
    if (!caller.isSuperuser) throw new ForbiddenError();
    return true;
  }

  private async caller(request: FastifyRequest): Promise<{ isSuperuser: boolean }> {
    const token = bearerToken(request);
    if (token !== undefined) return this.tokens.verifyAccess(token);
    const credentials = basicCredentials(request);
    const address = requestContext()?.clientAddress;
    const options = { timeoutMs: CHECK_TIMEOUT_MS };
    const user =
      credentials &&
      (await this.requests.request('auth.check-password', { ...credentials, address }, options));
    if (user) return user;
    throw new UnauthenticatedError('Not authenticated', {
      'WWW-Authenticate': 'Basic realm="Superusers", charset="UTF-8"',
    });
  }
}

function basicCredentials(request: FastifyRequest): { login: string; password: string } | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const [, login, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  return login === undefined || password === undefined ? undefined : { login, password };
}
