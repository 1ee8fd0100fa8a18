/**
 * Names that no user can have: the first segments of routes, because `/{username}/…` begins with a name; names that
 * suggest an operator; and what a faulty client sends without a name. Each feature has a line.
 */
export const RESERVED_USERNAMES: ReadonlySet<string> = new Set(
  `
  api docs health job jobs live metrics openapi ready redoc static worker
  me admin administrator root superuser support system
  null undefined
  auth jwks login logout refresh session sessions
  user users tier tiers
  post posts
  task tasks
  `.match(/\S+/g),
);
