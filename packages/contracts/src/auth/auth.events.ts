import { RevokedSession, RevokedUser } from '../messaging/auth.requests.js';

/** What auth tells. */
export const authEvents = {
  'session.revoked': [RevokedSession, RevokedUser],
};
