import type { Plan } from './plan.js';

/** Requests that were answered wrongly once, as the generator reported them. They are sent before all others. */
export const REGRESSIONS: Plan[] = [
  {
    route: 'PATCH /user/{username}',
    caller: 'owner',
    target: 'own',
    absurd: '~',
    query: [],
    headers: [],
    json: { email: 'ab\ud800cdefg' },
    wrong: { what: 'half a pair for email', status: 422 },
  },
];
