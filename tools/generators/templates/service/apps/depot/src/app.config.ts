import { app, defineConfig, http, nats, postgres } from '@repo/config';

/** Every setting of the depot service. */
export const config = defineConfig({
  ...app(),
  ...http({ port: 3099, internalPort: 9099 }),
  ...postgres('depot'),
  ...nats(),
});
