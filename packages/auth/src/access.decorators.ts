import { applyDecorators, createParamDecorator, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import { ApiProblem } from '@repo/contracts';
import { type Caller, ForbiddenError, NotOwnerError, requestContext, UnauthenticatedError } from '@repo/core';

/** Who may call a route. Every route declares one; `auth/route-audit.ts` fails the tests of one that does not. */
export type Access = 'public' | 'optional' | 'authenticated' | 'superuser';

export const ACCESS = 'access';

/** Name of the security scheme in the OpenAPI document. */
export const SECURITY_SCHEME = 'OAuth2PasswordBearer';

/** Anyone; a token is not even looked at. */
export const Public = () => SetMetadata(ACCESS, 'public' satisfies Access);

/** Anyone; a valid token tells who, a bad one counts as none. */
export const OptionalAuth = () =>
  applyDecorators(
    SetMetadata(ACCESS, 'optional' satisfies Access),
    ApiBearerAuth(SECURITY_SCHEME),
    ApiSecurity({}),
  );

/** Whoever holds a valid access token. */
export const Authenticated = () =>
  applyDecorators(SetMetadata(ACCESS, 'authenticated' satisfies Access), ApiToken());

/** Superusers alone. */
export const Superuser = () =>
  applyDecorators(
    SetMetadata(ACCESS, 'superuser' satisfies Access),
    ApiToken(),
    ApiProblem(403, new ForbiddenError().detail),
  );

/** Documents that the service refuses who does not own what the path names. */
export const ApiNotOwner = () => ApiProblem(403, new NotOwnerError().detail);

const ApiToken = () =>
  applyDecorators(
    ApiBearerAuth(SECURITY_SCHEME),
    ApiProblem(401, new UnauthenticatedError().detail, 'User not authenticated.'),
  );

/** The caller, as a handler's parameter; undefined on an `@OptionalAuth()` route without a valid token. */
export const CurrentUser = createParamDecorator((): Caller | undefined => requestContext()?.user);
