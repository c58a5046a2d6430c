import { type SpanContext, TraceFlags } from '@opentelemetry/api';

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;

/** Reads a W3C `traceparent`; `undefined` where there is none, or one that may not be used (Trace Context §2.2.2). */
export function readTraceparent(text: string | undefined): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = (text !== undefined && TRACEPARENT.exec(text)) || [];
  if (traceId === '' || /^0+$/.test(traceId) || /^0+$/.test(spanId) || text?.startsWith('ff'))
    return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
}

/** Writes a span's context as a `traceparent`. */
export function writeTraceparent(span: SpanContext): string {
  return `00-${span.traceId}-${span.spanId}-${(span.traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0')}`;
}
