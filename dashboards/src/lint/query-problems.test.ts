import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queryProblems } from './query-problems.ts';

const recorded = new Map([['slo:current_burn_rate:ratio', ['namespace', 'sloth_id']]]);

for (const query of [
  'up{job="x"}',
  'sum by (pod) (rate(kittiwake_deliveries_total{namespace=~"$namespace"}[$__rate_interval]))',
  'histogram_quantile(0.9, sum by (le, operation) (rate(kittiwake_broker_operation_seconds_bucket[5m])))',
  'kittiwake_publish_to_deliver_seconds_bucket{le="0.05"}',
  'slo:current_burn_rate:ratio{sloth_id="a"}',
  'nodejs_heap_size_used_bytes',
]) {
  test(`[O7] passes ${query}`, () => assert.deepEqual(queryProblems(query, recorded), []));
}

for (const [query, problem] of [
  ['sum(rate(kittiwake_deliveries_total[5m])', /is not PromQL/],
  ['kittiwake_delivered_total', /not in the catalogue/],
  ['kittiwake_deliveries_total_bucket', /not in the catalogue/],
  ['kittiwake_publish_to_deliver_seconds', /not in the catalogue/],
  ['kittiwake_deliveries_total{channel="a"}', /has no label channel/],
  ['sum by (user) (kittiwake_sessions)', /groups by user/],
  ['kittiwake_gaps_total{result="lost"}', /never has result="lost"/],
  ['kittiwake_gaps_total{result=~"filled|lost"}', /never has result="lost"/],
  ['kittiwake_publish_to_deliver_seconds_bucket{le="0.2"}', /has no bucket 0.2/],
  ['slo:current_burn_rate:ratio{pod="a"}', /has no label pod/],
  ['sum by (le) (kittiwake_publish_to_deliver_seconds_count)', /groups by le/],
] as const) {
  test(`[O7] stops ${query}`, () => assert.match(queryProblems(query, recorded).join('\n'), problem));
}
