import type { Type } from '@nestjs/common';
import { CheckPassword, GetKeys, Jwks, ListRevocations, RevocationPage } from './auth.requests.js';
import {
  AuthUser,
  ChangePassword,
  ChangePasswordResult,
  GetRateLimitRule,
  GetUser,
  GetUserByUsername,
  RateLimitRule,
  UserSnapshot,
  VerifyCredentials,
} from './users.requests.js';

// #region requests
/** Requests between services over NATS: `<service>.<imperative>`, and the classes of the request and of the response. */
export const REQUESTS = {
  'users.verify-credentials': { request: VerifyCredentials, response: [UserSnapshot, null] },
  'users.get-user': { request: GetUser, response: [UserSnapshot, null] },
  'users.get-user-by-username': { request: GetUserByUsername, response: [UserSnapshot, null] },
  'users.change-password': { request: ChangePassword, response: ChangePasswordResult },
  'users.get-rate-limit-rule': { request: GetRateLimitRule, response: [RateLimitRule, null] },

  'auth.get-keys': { request: GetKeys, response: Jwks },
  'auth.list-revocations': { request: ListRevocations, response: RevocationPage },
  'auth.check-password': { request: CheckPassword, response: [AuthUser, null] },
} as const satisfies Record<string, { request: Type; response: Type | readonly [Type, null] }>;
// #endregion

export type RequestName = keyof typeof REQUESTS;

export type RequestMap = {
  [R in RequestName]: {
    request: ValueOf<(typeof REQUESTS)[R]['request']>;
    response: ValueOf<(typeof REQUESTS)[R]['response']>;
  };
};

type ValueOf<C> = C extends Type<infer T> ? T : C extends readonly [Type<infer T>, null] ? T | null : never;
