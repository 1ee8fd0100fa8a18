// Written by `npm run sync`: change the services instead.

/** Paths of the routes with `@RateLimit()`. */
export const LIMITED_ROUTES: readonly string[] = [
  'api/v1/tasks/task',
];
