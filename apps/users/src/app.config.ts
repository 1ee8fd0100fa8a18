import { app, bool, cache, configOf, http, int, nats, postgres, rateLimit } from '@repo/config';

/** Every setting of the users service. */
export class UsersConfig extends configOf('users', {
  ...app(),
  ...http({ port: 3002, internalPort: 9002 }),
  ...postgres('users'),
  ...nats(),
  ...cache(),
  ...rateLimit(),
  SIGN_UP_ENABLED: bool({ default: true, desc: 'Whether anyone may sign up' }),
  SIGN_UP_LIMIT_PER_HOUR: int({
    default: 100,
    localDefault: 0,
    desc: 'Sign-ups per hour from one network, refused ones included; 0 for no limit',
  }),
}) {}
