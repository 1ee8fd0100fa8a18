import type { Scenario } from '../scenario.ts';
import { KINDS } from '../support/probes.ts';
import { makeEachUnavailable } from '../support/unavailable.ts';

export const serversUnavailable: Scenario = {
  name: 'servers-unavailable',
  guarantee:
    'PostgreSQL, each Redis and NATS are killed and frozen: requests that do not need them are served, the others are refused immediately as 503 problem details, no unauthorized request is accepted, and 5 s after the server is available everything works.',
  quick: true,
  env: { DEFAULT_RATE_LIMIT_LIMIT: '1000000' },
  run: (system, report) =>
    makeEachUnavailable(
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
