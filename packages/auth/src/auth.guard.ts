import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Caller, ForbiddenError, requestContext, UnauthenticatedError } from '@repo/core';
import type { FastifyRequest } from 'fastify';
import { ACCESS, type Access } from './access.decorators.js';
import { TokenVerifier } from './token-verifier.js';

/** Lets a request through to its route when the route's access rule says so. A route without a rule is for nobody. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') {
      requestContext()!.publicResponse = request.method === 'GET' || request.method === 'HEAD';
      return true;
    }
    const user = access === 'optional' ? await this.optionalUser(request) : await this.user(request);
    if (access === 'superuser' && !user?.isSuperuser) throw new ForbiddenError();
    requestContext()!.user = user;
    return access !== undefined;
  }

  private async user(request: FastifyRequest): Promise<Caller> {
    const token = bearerToken(request);
    if (token === undefined) throw new UnauthenticatedError();
    return this.tokens.verifyAccess(token);
  }

  private async optionalUser(request: FastifyRequest): Promise<Caller | undefined> {
    const token = bearerToken(request);
    if (token === undefined) return undefined;
    try {
      return await this.tokens.verifyAccess(token);
    } catch (error) {
      // A bad token counts as none; one that cannot be checked now may be good, and its holder is not nobody.
      if (error instanceof UnauthenticatedError) return undefined;
      throw error;
    }
  }
}

/** The token of `Authorization: Bearer …`, or undefined. */
export function bearerToken(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
}
