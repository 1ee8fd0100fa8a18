export * from './bootstrap/index.js';
export { BodyLimit } from './http/body-limit.js';
export { ErrorFilter } from './http/error.filter.js';
export { FormBody, NoBody } from './http/form-body.js';
export { ReadinessChecks } from './http/readiness-checks.js';
export { registerRequestHooks } from './http/request-hooks.js';
export { RouteTable } from './http/route-table.js';
export { ValidationPipe } from './http/validation.pipe.js';
export * from './idempotency/index.js';
