import type { Attack } from '../attack.js';
import { AUTHORIZATION } from './authorization.js';
import { BODIES } from './bodies.js';
import { GATEWAY } from './gateway.js';
import { LIMITS } from './limits.js';
import { LOGIN } from './login.js';
import { LOGS } from './logs.js';
import { SESSIONS } from './sessions.js';
import { STORES } from './stores.js';
import { TOKENS } from './tokens.js';

/** Every attack, by what it is aimed at. */
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
