export { RateLimit } from './rate-limit.decorator.js';
export { RateLimitGate } from './rate-limit-gate.js';
export { RateLimitModule, type RateLimitModuleOptions, type RateLimitSettings } from './rate-limit.module.js';
export { RATE_LIMITS_TOPIC, RateLimitRules, type RateLimitsChanged } from './rate-limit-rules.js';
export * from './rate-limit.types.js';
export { RateLimiter } from './rate-limiter.js';
