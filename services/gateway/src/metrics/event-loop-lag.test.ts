import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, delay, systemClock } from '@kittiwake/base';
import { createEventLoopLagMonitor } from './event-loop-lag.ts';
import { createRecordingMetrics } from './recording-metrics.ts';

test('[O13] a blocked event loop shows as lag of its period, and an idle one does not', async () => {
  const fired: (() => void)[] = [];
  const clock: Clock = {
    nowMs: () => 0,
    monotonicMs: () => 0,
    turn: () => {},
    after: (_delayMs, callback) => {
      fired.push(callback);
      return { cancel: () => {} };
    },
  };
  const metrics = createRecordingMetrics();
  const monitor = createEventLoopLagMonitor({ clock, metrics });
  monitor.start();
  await delay(systemClock, 30);
  const until = process.hrtime.bigint() + 150_000_000n;
  while (process.hrtime.bigint() < until);
  await delay(systemClock, 30);
  fired.shift()?.();
  const lag = monitor.last();
  assert.ok(lag.maxMs >= 100 && lag.maxMs < 1_000, `${lag.maxMs} ms`);
  assert.equal(metrics.value('kittiwake_event_loop_lag_seconds', { quantile: '1' }), lag.maxMs / 1_000);
  fired.shift()?.();
  assert.ok(monitor.last().maxMs < lag.maxMs);
  monitor.stop();
  monitor.stop();
});
