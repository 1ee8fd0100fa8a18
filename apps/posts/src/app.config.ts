import { app, cache, configOf, http, nats, postgres } from '@repo/config';

/** Every setting of the posts service. */
export class PostsConfig extends configOf('posts', {
  ...app(),
  ...http({ port: 3003, internalPort: 9003 }),
  ...postgres('posts'),
  ...nats(),
  ...cache(),
}) {}
