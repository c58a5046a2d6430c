import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Metrics } from './metrics.ts';
import { createPrometheusMetrics } from './prometheus-metrics.ts';
import { createRecordingMetrics } from './recording-metrics.ts';

/** One subject of the contract, and how its values are read back. */
type Subject = {
  readonly metrics: Metrics;
  counterOf(kind: string): Promise<number>;
  gauge(): Promise<number>;
  histogramOf(level: 'primary'): Promise<{ count: number; sum: number }>;
};

const SUBJECTS: { readonly [name: string]: () => Subject } = {
  recording() {
    const metrics = createRecordingMetrics();
    return {
      metrics,
      counterOf: async kind => metrics.value('kittiwake_errors_total', { kind }),
      gauge: async () => metrics.value('kittiwake_sessions'),
      async histogramOf(level) {
        const all = metrics.observations('kittiwake_publish_duration_seconds', { level });
        return { count: all.length, sum: all.reduce((sum, value) => sum + value, 0) };
      },
    };
  },
  prometheus() {
    const metrics = createPrometheusMetrics({ runtime: false });
    const sample = async (series: string): Promise<number> => {
      const { body } = await metrics.render();
      const line = body.split('\n').find(candidate => candidate.startsWith(`${series} `));
      return line === undefined ? 0 : Number(line.slice(series.length + 1));
    };
    const histogram = 'kittiwake_publish_duration_seconds';
    return {
      metrics,
      counterOf: kind => sample(`kittiwake_errors_total{kind="${kind}"}`),
      gauge: () => sample('kittiwake_sessions'),
      histogramOf: async level => ({
        count: await sample(`${histogram}_count{level="${level}"}`),
        sum: await sample(`${histogram}_sum{level="${level}"}`),
      }),
    };
  },
};

for (const [name, make] of Object.entries(SUBJECTS)) {
  test(`[O10] ${name}: counters add up for each set of labels`, async () => {
    const subject = make();
    subject.metrics.count('kittiwake_errors_total', 2, { kind: 'malformed' });
    subject.metrics.count('kittiwake_errors_total', 3, { kind: 'malformed' });
    subject.metrics.count('kittiwake_errors_total', 1, { kind: 'internal' });
    assert.equal(await subject.counterOf('malformed'), 5);
    assert.equal(await subject.counterOf('internal'), 1);
    assert.equal(await subject.counterOf('timeout'), 0);
  });

  test(`[O10] ${name}: gauges are set, and go up and down`, async () => {
    const subject = make();
    subject.metrics.set('kittiwake_sessions', 10);
    subject.metrics.add('kittiwake_sessions', -3);
    assert.equal(await subject.gauge(), 7);
  });

  test(`[O10] ${name}: histograms keep count and sum`, async () => {
    const subject = make();
    subject.metrics.observe('kittiwake_publish_duration_seconds', 0.25, { level: 'primary' });
    subject.metrics.observe('kittiwake_publish_duration_seconds', 0.5, { level: 'primary' });
    assert.deepEqual(await subject.histogramOf('primary'), { count: 2, sum: 0.75 });
  });
}
