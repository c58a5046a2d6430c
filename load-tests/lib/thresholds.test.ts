import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROFILES } from '../profiles/profiles.ts';
import { arrivalMs, groupScenarios } from './run-plan.ts';
import { latencyThresholds, steadyThresholds, stormThresholds } from './thresholds.ts';

test('[W5] latency holds chat to 100 ms and games to 50 ms, at p95 and p99', () => {
  const thresholds = latencyThresholds();
  assert.deepEqual(thresholds['kittiwake_publish_to_deliver_ms{use:chat}'], ['p(95)<100', 'p(99)<100']);
  assert.deepEqual(thresholds['kittiwake_publish_to_deliver_ms{use:gaming}'], ['p(95)<50', 'p(99)<50']);
});

test('[W1] no scenario may lose, repeat, reorder or be refused anything', () => {
  for (const thresholds of [latencyThresholds(), stormThresholds()]) {
    for (const name of ['lost', 'duplicated', 'reordered', 'rejected']) {
      assert.deepEqual(thresholds[`kittiwake_${name}_publications`], ['count==0']);
    }
  }
});

test('[W6] storm asks for 99 per cent, and that somebody was cut at all', () => {
  assert.deepEqual(stormThresholds()['kittiwake_resumed_ratio'], ['rate>=0.99']);
  assert.deepEqual(stormThresholds()['kittiwake_cut_sessions'], ['count>0']);
});

test('[W5] steady asks for what may never happen, and for no time: somebody does something to the cluster', () => {
  const asked = Object.keys(steadyThresholds());
  assert.equal(
    asked.some(metric => metric.includes('_ms')),
    false,
  );
  for (const what of ['lost', 'duplicated', 'reordered'])
    assert.ok(asked.includes(`kittiwake_${what}_publications`));
});

test('[W7] a profile without groups of a use has no virtual users for it', () => {
  assert.deepEqual(Object.keys(groupScenarios(PROFILES.background)), ['chat']);
});

test('[W7] groups arrive evenly over the ramp, and k6 waits for all of them', () => {
  const profile = PROFILES.average;
  const groups = profile.chatGroups + profile.gamingGroups;
  assert.equal(arrivalMs(profile, 0), 0);
  assert.ok(arrivalMs(profile, groups - 1) < profile.rampMs);
  const { chat } = groupScenarios(profile);
  assert.ok(Number.parseInt(chat?.maxDuration ?? '', 10) * 1_000 > profile.rampMs + profile.holdMs);
});
