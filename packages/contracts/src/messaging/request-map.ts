import type { CheckPassword, Jwks, ListRevocations, RevocationPage } from './auth.requests.js';
import type {
  AuthUser,
  ChangePassword,
  GetRateLimitRule,
  GetUser,
  GetUserByUsername,
  RateLimitRule,
  UserSnapshot,
  VerifyCredentials,
} from './users.requests.js';

/** What one service may ask another over NATS: `<service>.<imperative>`, the question and the answer. */
export interface RequestMap {
  'users.verify-credentials': { request: VerifyCredentials; response: { user: UserSnapshot | null } };
  'users.get-user': { request: GetUser; response: UserSnapshot | null };
  'users.get-user-by-username': { request: GetUserByUsername; response: UserSnapshot | null };
  'users.change-password': { request: ChangePassword; response: { changed: boolean } };
  'users.get-rate-limit-rule': { request: GetRateLimitRule; response: RateLimitRule | null };

  'auth.get-keys': { request: Record<string, never>; response: Jwks };
  'auth.list-revocations': { request: ListRevocations; response: RevocationPage };
  'auth.check-password': { request: CheckPassword; response: { user: AuthUser | null } };
}

/** The name of a request. */
export type RequestName = keyof RequestMap;
