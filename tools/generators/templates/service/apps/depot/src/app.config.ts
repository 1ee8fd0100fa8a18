import { app, configOf, http, nats, postgres } from '@repo/config';

/** Every setting of the depot service. */
export class DepotConfig extends configOf('depot', {
  ...app(),
  ...http({ port: 3099, internalPort: 9099 }),
  ...postgres('depot'),
  ...nats(),
}) {}
