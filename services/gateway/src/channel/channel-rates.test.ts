import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelName } from '@kittiwake/protocol';
import { createFakeClock } from '@kittiwake/testkit';
import { CHANNEL } from '../../test/support/fixtures.ts';
import { createRecordingMetrics } from '../metrics/recording-metrics.ts';
import { ChannelRates } from './channel-rates.ts';

const RATE = { perSecond: 10, burst: 2 };

test('[L2] a channel has its burst, then its rate, whoever publishes', () => {
  const clock = createFakeClock();
  const metrics = createRecordingMetrics();
  const rates = new ChannelRates(clock, metrics);
  const allowed = (): boolean => rates.admit(CHANNEL, RATE).allowed;
  assert.deepEqual([allowed(), allowed(), allowed()], [true, true, false]);
  clock.advance(100);
  assert.deepEqual([allowed(), allowed()], [true, false]);
  assert.equal(metrics.value('kittiwake_rate_limited_total', { scope: 'channel', verdict: 'warn' }), 2);
});

test('[L2] a refusal says when to come back', () => {
  const rates = new ChannelRates(createFakeClock(), createRecordingMetrics());
  for (const _ of [1, 2]) rates.admit(CHANNEL, RATE);
  assert.deepEqual(rates.admit(CHANNEL, RATE), { allowed: false, retryAfterMs: 100 });
});

test('[L2] channels do not count for each other, and what is remembered is bounded', () => {
  const rates = new ChannelRates(createFakeClock(), createRecordingMetrics());
  for (const _ of [1, 2]) rates.admit(CHANNEL, RATE);
  for (let n = 0; n < 10_000; n += 1) assert.ok(rates.admit(`chat:${n + 100}` as ChannelName, RATE).allowed);
  assert.ok(rates.admit(CHANNEL, RATE).allowed, 'the quietest was forgotten, and starts full');
});
