import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passed, type SummaryData, summarise } from './summary.ts';

const RUN = { scenario: 'latency', profile: 'smoke', url: 'ws://h/v1/ws' };

function data(ok: boolean): SummaryData {
  return {
    state: { testRunDurationMs: 21_500 },
    metrics: {
      'kittiwake_publish_to_deliver_ms{use:chat}': {
        type: 'trend',
        values: { med: 3, 'p(95)': 11.26, 'p(99)': 20, max: 51 },
        thresholds: { 'p(99)<100': { ok } },
      },
      kittiwake_lost_publications: { type: 'counter', values: { count: 0, rate: 0 } },
      data_sent: { type: 'counter', values: { count: 1 } },
    },
  };
}

test('[W8] the table has the figures, and what held', () => {
  const text = summarise(data(true), RUN, undefined)['stdout'] ?? '';
  assert.match(text, /every threshold held/);
  assert.match(
    text,
    /✓ kittiwake_publish_to_deliver_ms\{use:chat\} +med=3ms {2}p\(95\)=11.3ms {2}p\(99\)=20ms {2}max=51ms/,
  );
  assert.doesNotMatch(text, /data_sent/);
});

test('[W8] a broken threshold is named', () => {
  assert.match(
    summarise(data(false), RUN, undefined)['stdout'] ?? '',
    /broken: kittiwake_publish_to_deliver_ms.* p\(99\)<100/,
  );
  assert.equal(passed(data(false)), false);
});

test('[W8] the JSON file is named after scenario and profile, and is not written without a directory', () => {
  assert.deepEqual(Object.keys(summarise(data(true), RUN, undefined)), ['stdout']);
  const output = summarise(data(true), RUN, 'results');
  const record: unknown = JSON.parse(output['results/latency-smoke.json'] ?? '');
  assert.ok(typeof record === 'object' && record !== null && 'passed' in record);
  assert.equal(record.passed, true);
});
