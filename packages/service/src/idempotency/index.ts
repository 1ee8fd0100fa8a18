export { Idempotency } from './idempotency.js';
export { IdempotencyKey } from './idempotency-key.entity.js';
export { Idempotent } from './idempotent.decorator.js';
