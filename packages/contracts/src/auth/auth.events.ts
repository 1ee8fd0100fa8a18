import type { Revocation } from '../messaging/auth.requests.js';

/** What auth tells. */
export interface AuthEvents {
  'session.revoked': Revocation;
}
