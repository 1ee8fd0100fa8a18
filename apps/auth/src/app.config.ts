import { app, configOf, corsAndProxies, http, int, nats, postgres, rateLimit, secret } from '@repo/config';

/** Every setting of the auth service. */
export class AuthConfig extends configOf('auth', {
  ...app(),
  ...http({ port: 3001, internalPort: 9001 }),
  ...postgres('auth'),
  ...nats(),
  ...rateLimit(),
  ...corsAndProxies(),
  SECRET_KEY: secret({
    default: 'local-secret-key-that-is-for-development-only',
    desc: 'Encrypts the signing keys in the database',
  }),
  ACCESS_TOKEN_EXPIRE_MINUTES: int({ default: 30, min: 1, max: 1_440, desc: 'Life of an access token' }),
  REFRESH_TOKEN_EXPIRE_DAYS: int({ default: 7, min: 1, desc: 'Life of a refresh token' }),
  LOGIN_MAX_FAILURES: int({ default: 30, min: 1, desc: 'Failed logins of one account in 15 minutes' }),
  LOGIN_MAX_FAILURES_PER_ADDRESS: int({
    default: 300,
    min: 1,
    desc: 'Failed logins from one address in 15 minutes',
  }),
}) {
  /** Life of an access token in seconds. */
  get accessSeconds(): number {
    return this.ACCESS_TOKEN_EXPIRE_MINUTES * 60;
  }

  /** Life of a refresh token in seconds. */
  get refreshSeconds(): number {
    return this.REFRESH_TOKEN_EXPIRE_DAYS * 86_400;
  }
}
