import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import { createRecordingMetrics } from '../metrics/recording-metrics.ts';
import { type Admission, InboundGate } from './inbound-gate.ts';
import type { LimitVerdict } from './session-deps.ts';

function gateOf(verdict: LimitVerdict = { verdict: 'allow' }) {
  const clock = createFakeClock();
  const metrics = createRecordingMetrics();
  const gate = new InboundGate({ format: 'json', clock, metrics, limit: () => verdict, malformedMax: 2 });
  return { gate, clock, metrics };
}

function closeOf(admission: Admission): number | undefined {
  return admission.verdict === 'refuse' ? admission.close : undefined;
}

test('[X4] unreadable messages have a credit per minute once connected, and none before', () => {
  const { gate, clock } = gateOf();
  assert.deepEqual(
    [1, 2, 3].map(() => closeOf(gate.admit('nonsense', true))),
    [undefined, undefined, 4400],
  );
  clock.advance(60_000);
  assert.equal(closeOf(gate.admit('nonsense', true)), undefined);
  assert.equal(closeOf(gateOf().gate.admit('nonsense', false)), 4400);
});

test('[M3] an unknown type costs what a message costs, and no more', () => {
  const { gate } = gateOf();
  for (const _ of [1, 2, 3, 4])
    assert.equal(closeOf(gate.admit('{"type":"later","ref":3}', true)), undefined);
  const limited = gateOf({ verdict: 'disconnect' }).gate.admit('{"type":"later"}', true);
  assert.equal(closeOf(limited), 4429);
});

test('[L1] a refusal carries the ref and when to come back, and is counted', () => {
  const { gate, metrics } = gateOf({ verdict: 'warn', retryAfterMs: 70 });
  const admission = gate.admit('{"type":"ping","ref":5}', true);
  assert.ok(admission.verdict === 'refuse');
  assert.deepEqual([admission.about, admission.failure.retryAfterMs], [{ ref: 5 }, 70]);
  assert.equal(metrics.value('kittiwake_rate_limited_total', { scope: 'session', verdict: 'warn' }), 1);
});

test('[L1] a pong costs nothing', () => {
  const { gate } = gateOf({ verdict: 'disconnect' });
  assert.equal(gate.admit('{"type":"pong"}', true).verdict, 'pass');
});
