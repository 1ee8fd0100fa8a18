import type { Row } from '../row.js';
import { takeEachAway } from '../support/away.js';
import { type Kind, KINDS } from '../support/probes.js';

const without = (...kinds: Kind[]) => KINDS.filter((kind) => !kinds.includes(kind));

export const servicesAway: Row = {
  name: 'services-away',
  promise:
    'A service is dead, or hangs until it is ended and started again: it takes down its own routes only, these are refused as 503 problem details, nobody gets in, and soon after the return all is normal.',
  env: { DEFAULT_RATE_LIMIT_LIMIT: '1000000' },
  run: (system, report) =>
    takeEachAway(
      {
        auth: without('sessions', 'login'),
        users: without('public read', 'own data', 'login', 'sign-up'),
        posts: without('cached read', 'post'),
        jobs: without('tasks', 'task', 'anonymous task'),
        worker: KINDS,
      },
      system,
      report,
    ),
};
