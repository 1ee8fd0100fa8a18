import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { bearerToken, TokenVerifier } from '@repo/runtime/auth';
import { requestContext } from '@repo/runtime/context';
import { ForbiddenError, NotFoundError, UnauthenticatedError } from '@repo/runtime/errors';
import type { FastifyRequest } from 'fastify';
import { config } from '../app.config.js';
import { LoginThrottle } from '../sessions/login-throttle.js';
import { UsersClient } from '../sessions/users.client.js';

/** The documentation is open in `local`, for superusers in `staging`, and not there in `production`. */
@Injectable()
export class DocsGuard implements CanActivate {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly users: UsersClient,
    private readonly throttle: LoginThrottle,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (config.ENVIRONMENT === 'local') return true;
    if (config.ENVIRONMENT === 'production') throw new NotFoundError();
    const caller = await this.caller(context.switchToHttp().getRequest<FastifyRequest>());
    if (!caller.isSuperuser) throw new ForbiddenError();
    return true;
  }

  /** By bearer token, or by the browser's own login prompt. */
  private async caller(request: FastifyRequest): Promise<{ isSuperuser: boolean }> {
    const token = bearerToken(request);
    if (token !== undefined) return this.tokens.verifyAccess(token);
    const [login, password] = basicCredentials(request) ?? [];
    if (login === undefined || password === undefined) throw promptForLogin();
    const address = requestContext()?.clientAddress;
    const user = await this.throttle.guess(login, address, () =>
      this.users.verifyCredentials(login, password),
    );
    if (!user) throw promptForLogin();
    return user;
  }
}

const promptForLogin = () =>
  new UnauthenticatedError('Not authenticated', {
    'WWW-Authenticate': 'Basic realm="API documentation", charset="UTF-8"',
  });

function basicCredentials(request: FastifyRequest): [string, string] | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const [, login, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  return login === undefined || password === undefined ? undefined : [login, password];
}
