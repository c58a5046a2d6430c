import assert from 'node:assert/strict';
import test from 'node:test';
import { ALL_METRICS } from './catalog.ts';
import { CONTROLLER_METRICS } from './controller-metrics.ts';
import { GATEWAY_METRICS } from './gateway-metrics.ts';
import { LOAD_METRICS } from './load-metrics.ts';
import { SLOS } from './slo.ts';

const OWN = { ...GATEWAY_METRICS, ...CONTROLLER_METRICS };
const own = Object.entries(ALL_METRICS).filter(([name]) => name in OWN);
const all = Object.entries(ALL_METRICS);
const histograms = all.filter(([, metric]) => metric.kind === 'histogram');

test('[O1] every metric of ours begins with kittiwake_ and is lower snake case', () => {
  for (const [name] of own) assert.match(name, /^kittiwake(_[a-z0-9]+)+$/, name);
});

test('[O1] exactly the counters end in _total', () => {
  for (const [name, metric] of all) assert.equal(name.endsWith('_total'), metric.kind === 'counter', name);
});

test('[O1] units are base units, and are the last word', () => {
  const scaled = /_(ms|millis|milliseconds|us|minutes|hours|kb|mb|kilobytes|megabytes|percent)(_|$)/;
  const units = /_(seconds|bytes|members)(?=_)(?!_(total|sent|received))/;
  for (const [name] of own) {
    assert.doesNotMatch(name, scaled, name);
    assert.doesNotMatch(name, units, name);
  }
});

test('[O1] no name clashes with the series that a histogram makes', () => {
  const made = histograms.flatMap(([name]) => [`${name}_bucket`, `${name}_sum`, `${name}_count`]);
  for (const name of made) assert.ok(!(name in ALL_METRICS), name);
  assert.equal(own.length, Object.keys(GATEWAY_METRICS).length + Object.keys(CONTROLLER_METRICS).length);
});

test('[O1] every metric says in a sentence what it is', () => {
  for (const [name, metric] of all) assert.match(metric.help, /^.{10,}\.$/, name);
});

test('[O2] exactly the histograms have buckets, ascending and finite', () => {
  for (const [name, metric] of all)
    assert.equal(metric.buckets !== undefined, metric.kind === 'histogram', name);
  for (const [name, { buckets = [] }] of histograms) {
    assert.ok(buckets.length >= 3, name);
    assert.ok(buckets.every(Number.isFinite), name);
    for (const [index, bound] of buckets.entries())
      assert.ok(index === 0 || bound > (buckets[index - 1] ?? bound), `${name} ${bound}`);
  }
});

test('[O2] the buckets of the latency SLI hold every SLO threshold exactly', () => {
  const { buckets } = GATEWAY_METRICS.kittiwake_publish_to_deliver_seconds;
  for (const slo of Object.values(SLOS)) {
    if ('thresholdSeconds' in slo) assert.ok(buckets.includes(slo.thresholdSeconds), slo.title);
  }
});

test('[O3] labels are lower snake case, are not the scraper’s, and identify nobody', () => {
  const taken = [
    'le',
    'job',
    'instance',
    'namespace',
    'pod',
    'session',
    'user',
    'channel',
    'peer',
    'token',
    'ip',
  ];
  for (const [name, metric] of own) {
    assert.equal(new Set(metric.labels).size, metric.labels.length, name);
    for (const label of metric.labels) {
      assert.match(label, /^[a-z][a-z_]*$/, name);
      assert.ok(!taken.includes(label), `${name} ${label}`);
    }
  }
});

test('[O3] closed sets of label values belong to a label and do not repeat', () => {
  for (const [name, metric] of all) {
    for (const [label, values] of Object.entries(metric.values ?? {})) {
      assert.ok(metric.labels.includes(label), `${name} ${label}`);
      assert.equal(new Set(values).size, values.length, name);
    }
  }
});

test('[O4] objectives lie between 0 and 1, and the fastest burn can be reached', () => {
  const fastestBurn = 14.4;
  for (const slo of Object.values(SLOS)) {
    assert.ok(slo.objective > 0 && slo.objective < 1, slo.title);
    assert.ok(fastestBurn * (1 - slo.objective) < 1, slo.title);
  }
});

test('[O1] names of the load tests are distinct and begin with kittiwake_', () => {
  const names = Object.values(LOAD_METRICS);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^kittiwake(_[a-z]+)+$/);
});
