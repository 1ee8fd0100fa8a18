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

describe('a route with optional authentication', () => {
  it('takes the holder of a bad token for nobody', async () => {
    expect(await ask('bad', new UnauthenticatedError())).toBe(true);
  });

  it('refuses a token that cannot be checked now: its holder may be somebody', async () => {
    await expect(ask('good', new UnavailableError())).rejects.toBeInstanceOf(UnavailableError);
  });
});

function ask(token: string, failure: Error): Promise<boolean> {
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
