export { AccessLog } from './access-log.js';
export { createPino, NestLogger, openLog } from './logger.js';
export { Metrics } from './metrics.js';
export { runInSpan, type Span, startSpan, startTracing } from './tracing.js';
