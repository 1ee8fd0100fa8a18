import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { runInContext, UnauthenticatedError, UnavailableError } from '@repo/core';
import { OptionalAuth } from './access.decorators.js';
import { AuthGuard } from './auth.guard.js';
import type { TokenVerifier } from './token-verifier.js';

class Tasks {
  @OptionalAuth()
  create(): void {}
}

describe('AuthGuard on a route with optional authentication', () => {
  it('admits an invalid token without a caller', async () => {
    expect(await activate('bad', new UnauthenticatedError())).toBe(true);
  });

  it('throws UnavailableError when a token cannot be verified', async () => {
    await expect(activate('good', new UnavailableError())).rejects.toBeInstanceOf(UnavailableError);
  });
});

function activate(token: string, failure: Error): Promise<boolean> {
  const tokens = { verifyAccess: () => Promise.reject(failure) } as unknown as TokenVerifier;
  const context = {
    getType: () => 'http',
    getHandler: () => Tasks.prototype.create,
    getClass: () => Tasks,
    switchToHttp: () => ({ getRequest: () => ({ headers: { authorization: `Bearer ${token}` } }) }),
  } as unknown as ExecutionContext;
  const guard = new AuthGuard(new Reflector(), tokens);
  return runInContext({ requestId: 'request' }, () => guard.canActivate(context));
}
