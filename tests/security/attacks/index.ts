import type { Attack } from '../attack.ts';
import { AUTHORIZATION } from './authorization.ts';
import { BODIES } from './bodies.ts';
import { GATEWAY } from './gateway.ts';
import { LIMITS } from './limits.ts';
import { LOGIN } from './login.ts';
import { LOGS } from './logs.ts';
import { SESSIONS } from './sessions.ts';
import { STORES } from './stores.ts';
import { TOKENS } from './tokens.ts';

/** All attacks by their target. */
export const ATTACKS: Record<string, Attack[]> = {
  Tokens: TOKENS,
  Sessions: SESSIONS,
  'Login and passwords': LOGIN,
  Authorisation: AUTHORIZATION,
  Limits: LIMITS,
  'Bodies, numbers and paths': BODIES,
  'HTTP and the gateway': GATEWAY,
  'Bus and stores': STORES,
  'Logs and the start': LOGS,
};
