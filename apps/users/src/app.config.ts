import { app, defineConfig, http, nats, postgres, rateLimit } from '@repo/config';

/** Every setting of the users service. */
export const config = defineConfig({
  ...app(),
  ...http({ port: 3002, internalPort: 9002 }),
  ...postgres('users'),
  ...nats(),
  ...rateLimit(),
});
