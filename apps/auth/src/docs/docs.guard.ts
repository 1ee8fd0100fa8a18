import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { SuperuserLoginGuard } from '@repo/auth';
import { NotFoundError } from '@repo/core';
import { config } from '../app.config.js';

/** The documentation is open in `local`, for superusers in `staging`, and not there in `production`. */
@Injectable()
export class DocsGuard implements CanActivate {
  constructor(private readonly superusers: SuperuserLoginGuard) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (config.ENVIRONMENT === 'local') return true;
    if (config.ENVIRONMENT === 'production') throw new NotFoundError();
    return this.superusers.canActivate(context);
  }
}
