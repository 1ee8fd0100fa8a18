import { applyDecorators, createParamDecorator } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import { ApiProblem } from '@repo/contracts';
import { type Caller, ForbiddenError, NotOwnerError, requestContext, UnauthenticatedError } from '@repo/core';

/** The callers that may use a route. Each route declares one; `undeclaredRoutes` of `@repo/testing` lists those that do not. */
export const Access = Reflector.createDecorator<'public' | 'optional' | 'authenticated' | 'superuser'>();

export const SECURITY_SCHEME = 'OAuth2PasswordBearer';

/** Anyone. A token is ignored. */
export const Public = () => Access('public');

/** Anyone. A valid token sets the caller, an invalid one is ignored. */
export const OptionalAuth = () =>
  applyDecorators(Access('optional'), ApiBearerAuth(SECURITY_SCHEME), ApiSecurity({}));

/** Users with a valid access token. */
export const Authenticated = () => applyDecorators(Access('authenticated'), ApiToken());

export const Superuser = () =>
  applyDecorators(Access('superuser'), ApiToken(), ApiProblem(403, new ForbiddenError().detail));

export const ApiNotOwner = () => ApiProblem(403, new NotOwnerError().detail);

const ApiToken = () =>
  applyDecorators(
    ApiBearerAuth(SECURITY_SCHEME),
    ApiProblem(401, new UnauthenticatedError().detail, 'User not authenticated.'),
  );

/** Parameter decorator: the caller. Undefined on an `@OptionalAuth()` route without a valid token. */
export const CurrentUser = createParamDecorator((): Caller | undefined => requestContext()?.user);
