import { createHash, randomBytes } from 'node:crypto';

const MAX_LENGTH = 250;

/** A part of a key: whatever it is made of, it cannot contain a `:` and so cannot pose as another key. */
export function encodeKeyPart(part: string | number | boolean): string {
  try {
    return encodeURIComponent(part);
  } catch {
    // A lone surrogate. `=` never comes out of the encoder, so this form collides with no other.
    return `=${encodeURIComponent(JSON.stringify(part))}`;
  }
}

/** Long keys are replaced by a digest: input must not decide how much memory a key takes. */
export function boundKey(key: string): string {
  return key.length <= MAX_LENGTH ? key : `=${createHash('sha256').update(key).digest('base64url')}`;
}

const PROCESS = randomBytes(12).toString('base64url');
let issued = 0;

/** A text that no process has used before and none will use again. */
export function neverUsedBefore(): string {
  issued += 1;
  return `${PROCESS}${issued.toString(36)}`;
}
