/** The callers that may use a route: anyone, users with an access token, or superusers. */
export type RouteAccess = 'anyone' | 'user' | 'superuser';

/** All routes under `/api/v1`, by topic. */
export const ROUTES = {
  sessions: {
    'POST /login': 'anyone',
    'POST /refresh': 'anyone',
    'POST /logout': 'user',
    'POST /logout-all': 'user',
    'GET /sessions': 'user',
    'DELETE /sessions/{id}': 'user',
    'POST /user/me/password': 'user',
  },
  users: {
    'POST /user': 'anyone',
    'GET /users': 'anyone',
    'GET /user/me': 'user',
    'GET /user/me/usage': 'user',
    'GET /user/{username}': 'anyone',
    'PATCH /user/{username}': 'user',
    'DELETE /user/{username}': 'user',
    'DELETE /db_user/{username}': 'superuser',
    'GET /user/{username}/rate_limits': 'superuser',
    'GET /user/{username}/tier': 'anyone',
    'PATCH /user/{username}/tier': 'superuser',
  },
  posts: {
    'POST /{username}/post': 'user',
    'GET /{username}/posts': 'anyone',
    'GET /{username}/post/{id}': 'anyone',
    'PATCH /{username}/post/{id}': 'user',
    'DELETE /{username}/post/{id}': 'user',
    'DELETE /{username}/db_post/{id}': 'superuser',
  },
  tiers: {
    'POST /tier': 'superuser',
    'GET /tiers': 'anyone',
    'GET /tier/{name}': 'anyone',
    'PATCH /tier/{name}': 'superuser',
    'DELETE /tier/{name}': 'superuser',
  },
  'rate limits': {
    'POST /tier/{tier_name}/rate_limit': 'superuser',
    'GET /tier/{tier_name}/rate_limits': 'anyone',
    'GET /tier/{tier_name}/rate_limit/{id}': 'anyone',
    'PATCH /tier/{tier_name}/rate_limit/{id}': 'superuser',
    'DELETE /tier/{tier_name}/rate_limit/{id}': 'superuser',
  },
  tasks: {
    'POST /tasks/task': 'anyone',
    'GET /tasks/task/{id}': 'anyone',
    'GET /tasks/task/{id}/events': 'anyone',
    'GET /tasks': 'user',
    'DELETE /tasks/task/{id}': 'anyone',
  },
  operations: {
    'GET /admin/auth/dead_letters': 'superuser',
    'GET /admin/auth/dead_letters/{id}': 'superuser',
    'POST /admin/auth/dead_letters/{id}/replay': 'superuser',
    'GET /admin/users/dead_letters': 'superuser',
    'GET /admin/users/dead_letters/{id}': 'superuser',
    'POST /admin/users/dead_letters/{id}/replay': 'superuser',
    'GET /admin/posts/dead_letters': 'superuser',
    'GET /admin/posts/dead_letters/{id}': 'superuser',
    'POST /admin/posts/dead_letters/{id}/replay': 'superuser',
    'GET /admin/jobs/dead_letters': 'superuser',
    'GET /admin/jobs/dead_letters/{id}': 'superuser',
    'POST /admin/jobs/dead_letters/{id}/replay': 'superuser',
  },
  health: {
    'GET /health': 'anyone',
    'GET /ready': 'anyone',
  },
} as const satisfies Record<string, Record<`${string} /${string}`, RouteAccess>>;

export type Topic = keyof typeof ROUTES;

/** The routes of a topic. */
export type RouteOf<T extends Topic> = keyof (typeof ROUTES)[T] & `${string} /${string}`;

/** All routes, with who may call them. */
export const ALL_ROUTES = Object.values(ROUTES).flatMap(
  (routes) => Object.entries(routes) as [`${string} /${string}`, RouteAccess][],
);

/** The route with values instead of the parameters of its path. */
export function fill(
  route: `${string} /${string}`,
  path: Record<string, string | number>,
  query = '',
): `${string} /${string}` {
  const filled = route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  return `${filled}${query && `?${query}`}` as `${string} /${string}`;
}
