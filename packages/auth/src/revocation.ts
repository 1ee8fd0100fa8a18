import type { Revocation } from '@repo/contracts';

/** The clocks of two machines may differ by this much: a revocation is kept so much longer than its tokens. */
const MAX_CLOCK_SKEW_MS = 120_000;

/** Revokes the tokens of a session. @param lifetimeMs of its last token */
export function sessionRevocation(id: string, lifetimeMs: number): Revocation {
  return { kind: 'session', id, expiresAt: expiryOf(lifetimeMs) };
}

/**
 * Revokes the tokens that were made from an older version of the user. Versions are counted by the users service, so this
 * does not depend on clocks.
 *
 * @param belowVersion the first version whose tokens stay valid; a deleted user gets no token of it
 */
export function userRevocation(id: number, belowVersion: number, lifetimeMs: number): Revocation {
  const issuedBefore = Math.floor(Date.now() / 1000) + 1;
  return { kind: 'user', id, belowVersion, issuedBefore, expiresAt: expiryOf(lifetimeMs) };
}

const expiryOf = (lifetimeMs: number) => Date.now() + lifetimeMs + MAX_CLOCK_SKEW_MS;
