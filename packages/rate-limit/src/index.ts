export { admitRequest, networkOf } from './admit-request.js';
export { RateLimit } from './rate-limit.decorator.js';
export { RateLimitModule } from './rate-limit.module.js';
export { RATE_LIMITS_TOPIC, RateLimitRules, type RateLimitsChanged, RuleSource } from './rate-limit-rules.js';
export { RATE_LIMIT_REDIS, RateLimiter } from './rate-limiter.js';
