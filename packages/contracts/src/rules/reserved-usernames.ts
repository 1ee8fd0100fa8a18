/**
 * Names that nobody may sign up with. `/{username}/posts` shares its first segment with every route of the API;
 * other names would speak for the system, or are what a careless client sends for nothing.
 */
export const RESERVED_USERNAMES: ReadonlySet<string> = new Set(
  `
  api auth docs health job jobs jwks live login logout metrics openapi post posts ready redoc refresh session
  sessions static task tasks tier tiers user users worker
  me admin administrator root superuser support system
  null undefined
  `.match(/\S+/g),
);
