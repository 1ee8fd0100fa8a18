import type { Scenario } from '../scenario.ts';
import { type Kind, KINDS } from '../support/probes.ts';
import { makeEachUnavailable } from '../support/unavailable.ts';

const allBut = (...kinds: Kind[]) => KINDS.filter((kind) => !kinds.includes(kind));

export const servicesUnavailable: Scenario = {
  name: 'services-unavailable',
  guarantee:
    'Each service is killed and frozen: only its own routes are refused, immediately as 503 problem details, no unauthorized request is accepted, and 5 s after the service is available everything works.',
  env: { DEFAULT_RATE_LIMIT_LIMIT: '1000000' },
  run: (system, report) =>
    makeEachUnavailable(
      {
        auth: allBut('sessions', 'login'),
        users: allBut('public read', 'own data', 'login', 'sign-up'),
        posts: allBut('cached read', 'post'),
        jobs: allBut('tasks', 'task', 'anonymous task'),
        worker: KINDS,
      },
      system,
      report,
    ),
};
