import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { silentLogger } from './logger.ts';
import { noTracer } from './no-tracer.ts';
import { startOtelTracer } from './otel-tracer.ts';

type Span = {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { traceId: string; spanId: string }[];
  readonly attributes: readonly { key: string; value: { stringValue?: string; intValue?: number } }[];
};

const CLIENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const UNSAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

/** A receiver of OTLP over HTTP that keeps the spans it is sent. */
async function receiver(t: TestContext) {
  const spans: Span[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    for (const resource of body.resourceSpans) {
      for (const scope of resource.scopeSpans) spans.push(...scope.spans);
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  return { spans, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

test('[O22] a publish and its delivery arrive at an OTLP receiver, linked', async t => {
  const { spans, endpoint } = await receiver(t);
  const tracer = await startOtelTracer({
    endpoint,
    serviceName: 'kittiwake-gateway',
    gateway: 'gateway-0',
    version: '0.1.0',
    clock: systemClock,
    log: silentLogger,
  });
  const published = tracer.publishSpan({
    channel: 'chat:1',
    event: 'chat:message:send',
    traceparent: CLIENT,
  });
  published.end('acked');
  const { traceparent } = published;
  tracer.deliverSpan({ channel: 'chat:1', event: 'chat:message:send', traceparent }).end(3);
  tracer.deliverSpan({ channel: 'chat:1', event: 'x', traceparent: UNSAMPLED }).end(1);
  tracer.deliverSpan({ channel: 'chat:1', event: 'x', traceparent: 'nonsense' }).end(1);
  tracer.deliverSpan({ channel: 'chat:1', event: 'x' }).end(1);
  const orphan = tracer.publishSpan({ channel: 'chat:1', event: 'x', traceparent: '00-zz' });
  assert.match(orphan.traceparent ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  await tracer.stop();

  assert.equal(spans.length, 2);
  const publish = spans.find(span => span.name === 'publish');
  const deliver = spans.find(span => span.name === 'deliver');
  assert.partialDeepStrictEqual(publish, {
    kind: 4,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    parentSpanId: 'b7ad6b7169203331',
  });
  assert.equal(traceparent, `00-${publish?.traceId}-${publish?.spanId}-01`);
  assert.equal(deliver?.kind, 5);
  assert.partialDeepStrictEqual(deliver?.links?.[0], { traceId: publish?.traceId, spanId: publish?.spanId });
  assert.notEqual(deliver?.traceId, publish?.traceId);
  const members = deliver?.attributes.find(({ key }) => key === 'kittiwake.members');
  assert.equal(members?.value.intValue, 3);
});

test('[O22] without a tracer the publisher’s trace context goes through', async () => {
  const span = noTracer.publishSpan({ channel: 'c', event: 'e', traceparent: CLIENT });
  span.end('acked');
  assert.equal(span.traceparent, CLIENT);
  noTracer.deliverSpan({ channel: 'c', event: 'e', traceparent: CLIENT }).end(1);
  await noTracer.stop();
});
