import { app, defineConfig, http, nats, postgres, queue, rateLimit } from '@repo/config';

/** Every setting of the jobs service. */
export const config = defineConfig({
  ...app(),
  ...http({ port: 3004, internalPort: 9004 }),
  ...postgres('jobs'),
  ...nats(),
  ...queue(),
  ...rateLimit(),
});
