import type { Row } from '../row.js';
import { takeEachAway } from '../support/away.js';
import { KINDS } from '../support/probes.js';

export const serversAway: Row = {
  name: 'servers-away',
  promise:
    'Postgres, any Redis or NATS is dead or frozen: what needs nothing of it is served, the rest is refused at once as 503 problem details, nobody gets in, and soon after the return all is normal.',
  quick: true,
  env: { DEFAULT_RATE_LIMIT_LIMIT: '1000000' },
  run: (system, report) =>
    takeEachAway(
      {
        postgres: ['health', 'cached read'],
        'redis-cache': KINDS,
        'redis-limits': KINDS,
        'redis-queue': KINDS,
        nats: ['health', 'cached read', 'public read', 'sign-up', 'anonymous task'],
      },
      system,
      report,
    ),
};
