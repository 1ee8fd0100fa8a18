import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Caller, ForbiddenError, requestContext, UnauthenticatedError } from '@repo/core';
import type { FastifyRequest } from 'fastify';
import { Access } from './access.decorators.js';
import { TokenVerifier } from './token-verifier.js';

/** Checks the access rule of a route and sets the caller. A route without a rule is closed. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const rule = this.reflector.getAllAndOverride(Access, [context.getHandler(), context.getClass()]);
    if (rule === 'public') {
      requestContext()!.publicResponse = request.method === 'GET' || request.method === 'HEAD';
      return true;
    }
    const user = await this.caller(request, rule === 'optional');
    if (rule === 'superuser' && !user?.isSuperuser) throw new ForbiddenError();
    requestContext()!.user = user;
    return rule !== undefined;
  }

  private async caller(request: FastifyRequest, isOptional: boolean): Promise<Caller | undefined> {
    const token = bearerToken(request);
    if (token === undefined && isOptional) return undefined;
    if (token === undefined) throw new UnauthenticatedError();
    try {
      return await this.tokens.verifyAccess(token);
    } catch (error) {
      // An invalid token is ignored. While no key or revocation list is available, a token may be valid: 503.
      if (isOptional && error instanceof UnauthenticatedError) return undefined;
      throw error;
    }
  }
}

export function bearerToken(request: Pick<FastifyRequest, 'headers'>): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
}
