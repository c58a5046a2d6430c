import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecordingMetrics } from '../metrics/recording-metrics.ts';
import { PeerWriter } from './peer-writer.ts';

function writerOf(verdict: 'sent' | 'buffered' | 'overflow' | 'closed') {
  const metrics = createRecordingMetrics();
  let overflows = 0;
  const peer = { format: 'json', address: '', send: () => verdict, close: () => {} } as const;
  const writer = new PeerWriter(peer, metrics, () => {
    overflows += 1;
  });
  return { writer, metrics, overflows: () => overflows };
}

for (const verdict of ['sent', 'buffered', 'closed'] as const) {
  test(`[X2] what is ${verdict} needs nothing more`, () => {
    const { writer, overflows } = writerOf(verdict);
    writer.send({ type: 'pong' });
    assert.equal(overflows(), 0);
  });
}

test('[X2] an overflow is told, not thrown', () => {
  const { writer, overflows } = writerOf('overflow');
  writer.send({ type: 'pong' });
  assert.equal(overflows(), 1);
});

test('[X1] a failure is counted by its kind', () => {
  const { writer, metrics } = writerOf('sent');
  writer.fail({ kind: 'forbidden', message: 'no' }, { ref: 1 });
  assert.equal(metrics.value('kittiwake_errors_total', { kind: 'forbidden' }), 1);
});
