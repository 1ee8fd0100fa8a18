import { Injectable } from '@nestjs/common';
import { LIMITED_ROUTES, rateLimitPath } from '@repo/contracts';
import { InvalidInputError } from '@repo/core';

/** The routes with `@RateLimit()`, of all services. */
@Injectable()
export class LimitedRoutes {
  readonly routes: readonly string[] = LIMITED_ROUTES;

  /** The routes as rate limits store them: `api_v1_tasks_task`. */
  get paths(): string[] {
    return this.routes.map(rateLimitPath);
  }

  /** @throws InvalidInputError for a path that is not that of a limited route: a rate limit for it would have no effect */
  expect(path: string): void {
    if (this.paths.includes(path)) return;
    const known = this.routes.length > 0 ? this.routes.join(', ') : 'none';
    const msg = `Input should be the path of a route with a rate limit. These are: ${known}`;
    throw new InvalidInputError({ loc: ['body', 'path'], type: 'value_error', msg });
  }
}
