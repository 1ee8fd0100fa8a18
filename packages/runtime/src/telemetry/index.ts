export { runInSpan, type Span, startSpan, startTracing } from './tracing.js';
