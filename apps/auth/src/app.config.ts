import {
  app,
  corsAndProxies,
  defineConfig,
  http,
  int,
  nats,
  postgres,
  rateLimit,
  secret,
} from '@repo/config';

/** Every setting of the auth service. */
export const config = defineConfig({
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
  ACCESS_TOKEN_EXPIRE_MINUTES: int({ default: 30, min: 1, desc: 'Life of an access token' }),
  REFRESH_TOKEN_EXPIRE_DAYS: int({ default: 7, min: 1, desc: 'Life of a refresh token' }),
  LOGIN_MAX_FAILURES: int({ default: 30, min: 1, desc: 'Failed logins of one account in 15 minutes' }),
  LOGIN_MAX_FAILURES_PER_ADDRESS: int({
    default: 300,
    min: 1,
    desc: 'Failed logins from one address in 15 minutes',
  }),
});
