import { createHash } from 'node:crypto';

const MAX_LENGTH = 250;

/** Encodes a part of a key. The result contains no `:`, so input cannot produce another key. */
export function encodeKeyPart(part: string | number | boolean): string {
  try {
    return encodeURIComponent(part);
  } catch {
    // A lone surrogate. encodeURIComponent never returns `=`, so no other input has this result.
    return `=${encodeURIComponent(JSON.stringify(part))}`;
  }
}

/** Replaces a long key by its digest, so that input does not determine its size. */
export function boundKey(key: string): string {
  return key.length <= MAX_LENGTH ? key : `=${createHash('sha256').update(key).digest('base64url')}`;
}
