import { type Clock, delay } from '@kittiwake/base';
import {
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import type { Logger } from './logger.ts';
import { readTraceparent, writeTraceparent } from './traceparent.ts';
import type { DeliverSpan, TracedPublication, Tracer } from './tracer.ts';

/** Where spans go, and what they say about this process. */
export type OtelOptions = {
  /** Base URL of an OTLP receiver that speaks HTTP, such as `http://collector:4318`; `/v1/traces` is added. */
  readonly endpoint: string;
  readonly serviceName: string;
  readonly gateway: string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Logger;
};

const EXPORT_TIMEOUT_MS = 3_000;
const STOP_TIMEOUT_MS = 5_000;
const FAILED = new Set(['failed', 'unknown', 'rejected']);
const UNTRACED: DeliverSpan = { end: () => {} };

/**
 * Traces with OpenTelemetry. The SDK is loaded here and not before: a gateway without an endpoint pays neither its
 * start time nor its memory. Sampling is set by the standard variables (`OTEL_TRACES_SAMPLER`), which the SDK reads.
 */
export async function startOtelTracer(options: OtelOptions): Promise<Tracer> {
  const [{ NodeSDK }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const url = `${options.endpoint.replace(/\/+$/, '')}/v1/traces`;
  const sdk = new NodeSDK({
    serviceName: options.serviceName,
    traceExporter: new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS }),
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
  });
  sdk.start();
  const tracer = trace.getTracer('kittiwake', options.version);
  return {
    publishSpan: publication => publishSpan(tracer, options.gateway, publication),
    deliverSpan: publication => deliverSpan(tracer, options.gateway, publication),
    async stop() {
      const stopped = sdk.shutdown().catch((reason: unknown) => {
        options.log.warn('tracer.stop_failed', { reason: String(reason) });
      });
      await Promise.race([stopped, delay(options.clock, STOP_TIMEOUT_MS)]);
    },
  };
}

function publishSpan(tracer: OtelTracer, gateway: string, publication: TracedPublication) {
  const parent = readTraceparent(publication.traceparent);
  const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
  const attributes = attributesOf(gateway, publication, 'publish');
  const span = tracer.startSpan('publish', { kind: SpanKind.PRODUCER, attributes }, context);
  return {
    traceparent: writeTraceparent(span.spanContext()),
    end(result: string) {
      span.setAttribute('kittiwake.result', result);
      if (FAILED.has(result)) span.setStatus({ code: SpanStatusCode.ERROR, message: result });
      span.end();
    },
  };
}

function deliverSpan(tracer: OtelTracer, gateway: string, publication: TracedPublication): DeliverSpan {
  const published = readTraceparent(publication.traceparent);
  // The sampler decided on the publish; deliveries follow it, or there would be one trace per fan-out.
  if (published === undefined || (published.traceFlags & TraceFlags.SAMPLED) === 0) return UNTRACED;
  const attributes = attributesOf(gateway, publication, 'deliver');
  const links = [{ context: published }];
  const span = tracer.startSpan(
    'deliver',
    { kind: SpanKind.CONSUMER, attributes, links, root: true },
    ROOT_CONTEXT,
  );
  return {
    end(members) {
      span.setAttribute('kittiwake.members', members);
      span.end();
    },
  };
}

function attributesOf(gateway: string, publication: TracedPublication, operation: string) {
  return {
    'messaging.system': 'kittiwake',
    'messaging.operation.name': operation,
    'messaging.destination.name': publication.channel,
    'kittiwake.event': publication.event,
    'kittiwake.gateway': gateway,
  };
}
