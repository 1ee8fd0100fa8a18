import { createHash, createHmac } from 'node:crypto';
import { BadRequestError, type RequestContext } from '@repo/core';

/** A request whose caller wants it done once, known by hashes alone: its body may hold a password. */
export interface KeyedRequest {
  id: string;
  fingerprint: string;
}

/** Visible characters without those that mean something in a list of header values. */
const BARE = /^[!#-+\--[\]-~]{1,255}$/;
/** The string of a structured field, as the draft writes keys. */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\]){1,255})"$/;

/**
 * The running request under its `Idempotency-Key`; undefined when it has none.
 *
 * @throws BadRequestError when the key is malformed
 */
export function keyedRequestOf(context: RequestContext): KeyedRequest | undefined {
  const { request, method, user, clientAddress } = context;
  const header = request!.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = parseKey(String(header));
  const caller = user ? `user:${user.id}` : `address:${clientAddress ?? 'unknown'}`;
  return {
    id: createHash('sha256').update(`${caller} ${key}`).digest('base64url'),
    fingerprint: createHmac('sha256', key)
      .update(JSON.stringify([method, request!.url, request!.body]))
      .digest('base64url'),
  };
}

/** `"a key"` or `a-key`: both are in use. */
export function parseKey(header: string): string {
  const key = BARE.exec(header)?.[0] ?? QUOTED.exec(header)?.[1];
  if (key === undefined)
    throw new BadRequestError('The Idempotency-Key should be 1 to 255 visible characters, such as a UUID.');
  return key;
}
