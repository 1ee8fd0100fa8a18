import { createHash, createHmac } from 'node:crypto';
import { BadRequestError, type RequestContext } from '@repo/core';

/** An idempotent request as hashes, because its body may contain a password. */
export interface KeyedRequest {
  id: string;
  fingerprint: string;
}

/** Visible characters except `"`, `,` and `\`. */
const BARE = /^[!#-+\--[\]-~]{1,255}$/;
/** A string of a structured field (RFC 9651), the format of the draft of the header. */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\]){1,255})"$/;

/** Undefined without an `Idempotency-Key`. @throws BadRequestError when the key is malformed */
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

/** Reads a quoted or bare key: `"a key"` or `a-key`. */
export function parseKey(header: string): string {
  const key = BARE.exec(header)?.[0] ?? QUOTED.exec(header)?.[1];
  if (key === undefined)
    throw new BadRequestError('The Idempotency-Key should be 1 to 255 visible characters, such as a UUID.');
  return key;
}
