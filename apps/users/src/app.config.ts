import { app, cache, configOf, http, nats, postgres, rateLimit } from '@repo/config';

/** Every setting of the users service. */
export class UsersConfig extends configOf('users', {
  ...app(),
  ...http({ port: 3002, internalPort: 9002 }),
  ...postgres('users'),
  ...nats(),
  ...cache(),
  ...rateLimit(),
}) {}
