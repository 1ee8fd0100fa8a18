export { createPino, NestLogger } from './logger.js';
export { Metrics } from './metrics.js';
export { runInSpan, type Span, startSpan, startTracing } from './tracing.js';
