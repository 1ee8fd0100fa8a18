import { app, cache, defineConfig, http, nats, postgres } from '@repo/config';

/** Every setting of the posts service. */
export const config = defineConfig({
  ...app(),
  ...http({ port: 3003, internalPort: 9003 }),
  ...postgres('posts'),
  ...nats(),
  ...cache(),
});
