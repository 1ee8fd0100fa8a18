import type { Plan } from './plan.js';

/** Requests that were answered wrongly once, as the generator reported them. They are sent before all others. */
export const REGRESSIONS: Plan[] = [];
