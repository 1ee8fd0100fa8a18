import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { SuperuserLoginGuard } from '@repo/auth';
import { NotFoundError } from '@repo/core';
import { AuthConfig } from '../app.config.js';

/** Allows the documentation to all clients in `local`, to superusers in `staging`; returns 404 in `production`. */
@Injectable()
export class DocsGuard implements CanActivate {
  constructor(
    private readonly superusers: SuperuserLoginGuard,
    private readonly config: AuthConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.config.ENVIRONMENT === 'local') return true;
    if (this.config.ENVIRONMENT === 'production') throw new NotFoundError();
    return this.superusers.canActivate(context);
  }
}
