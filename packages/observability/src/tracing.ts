import type { Span as OtelSpan, Tracer } from '@opentelemetry/api';
import { type RequestContext, runInContext } from '@repo/core';

type SpanKind = 'server' | 'consumer';

export type Span = NonNullable<ReturnType<typeof startSpan>>;

let tracing: { api: typeof import('@opentelemetry/api'); tracer: Tracer } | undefined;

/**
 * Sends spans to a collector, by OTLP over HTTP. OpenTelemetry is imported only here, so that a process without
 * a collector does not load it. Returns a function that sends the remaining spans and stops.
 */
export async function startTracing(service: string, endpoint: string): Promise<() => Promise<void>> {
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: 5_000,
  });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  tracing = { api, tracer: provider.getTracer(service) };
  return async () => {
    tracing = undefined;
    await provider.shutdown().catch(() => undefined);
  };
}

/** Undefined without a collector. `server` answers a request, `consumer` handles a message or job. */
export function startSpan(name: string, kind: SpanKind, parent: string | undefined) {
  if (!tracing) return undefined;
  const { api, tracer } = tracing;
  const context = parent
    ? api.trace.setSpanContext(api.ROOT_CONTEXT, toSpanContext(parent))
    : api.ROOT_CONTEXT;
  const otelKind = kind === 'server' ? api.SpanKind.SERVER : api.SpanKind.CONSUMER;
  const span = tracer.startSpan(name, { kind: otelKind }, context);
  return {
    /** Trace context for messages to other services. */
    traceparent: toTraceparent(span),
    end(attributes: Record<string, string | number> = {}, error?: unknown): void {
      span.setAttributes(attributes);
      if (error !== undefined) span.setStatus({ code: api.SpanStatusCode.ERROR, message: String(error) });
      span.end();
    },
  };
}

/** Runs work in a context, as a span of the context's trace. */
export async function runInSpan<T>(
  name: string,
  kind: SpanKind,
  context: RequestContext,
  work: () => T | Promise<T>,
): Promise<T> {
  const span = startSpan(name, kind, context.traceparent);
  if (!span) return runInContext(context, work);
  try {
    const result = await runInContext({ ...context, traceparent: span.traceparent }, work);
    span.end();
    return result;
  } catch (error) {
    span.end({}, error);
    throw error;
  }
}

function toSpanContext(traceparent: string) {
  const [, traceId = '', spanId = '', flags = '00'] = traceparent.split('-');
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

function toTraceparent(span: OtelSpan): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
