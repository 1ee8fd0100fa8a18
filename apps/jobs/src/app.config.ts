import { app, configOf, http, nats, postgres, queue, rateLimit } from '@repo/config';

/** The settings of the service jobs. */
export class JobsConfig extends configOf('jobs', {
  ...app(),
  ...http({ port: 3004, internalPort: 9004 }),
  ...postgres('jobs'),
  ...nats(),
  ...queue(),
  ...rateLimit(),
}) {}
