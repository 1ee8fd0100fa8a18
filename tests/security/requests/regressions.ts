import type { Plan } from './plan.ts';

/** Requests that once got a wrong answer, as the generator reported them. They are sent first. */
export const REGRESSIONS: Plan[] = [
  {
    route: 'PATCH /user/{username}',
    caller: 'owner',
    target: 'own',
    invalid: '~',
    query: [],
    headers: [],
    json: { email: 'ab\ud800cdefg' },
    mistake: { what: 'a lone surrogate for email', status: 422 },
  },
];
