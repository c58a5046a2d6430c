import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionStatus } from '@kittiwake/client';
import type { SessionId, UserId } from '@kittiwake/protocol';
import { PulseOfClient } from './pulse-of-client.ts';

const on = (gateway: string): ConnectionStatus => ({
  phase: 'connected',
  session: 's' as SessionId,
  user: 'u' as UserId,
  gateway,
});
const OUT: ConnectionStatus = { phase: 'reconnecting', failures: 1, reason: 'drained' };

test('[K18] another gateway without an outage is a move, the same one is nothing, an outage is told once', () => {
  const pulse = new PulseOfClient('c', 'chat:1');
  const statuses = [on('g1'), on('g1'), on('g2'), OUT, OUT, on('g2')];
  const told = statuses.map((status, index) => pulse.turned(status, index)?.what);
  assert.deepEqual(told, ['connected', undefined, 'moved', 'left', undefined, 'connected']);
});

test('[V3] a gap is measured between deliveries, from the start of a window, and up to its end', () => {
  const pulse = new PulseOfClient('c', 'chat:1');
  pulse.delivered(500, 1);
  pulse.window('one', 1_000);
  pulse.delivered(1_100, 5);
  pulse.delivered(1_400, 9);
  const one = pulse.window('two', 1_500);
  assert.deepEqual(
    [one?.window, one?.deliveries, one?.gapMs, one?.gapEndedMs, one?.latencyMaxMs],
    ['one', 2, 300, 1_400, 9],
  );
  // It has waited since before the window began.
  const two = pulse.window(undefined, 2_000);
  assert.deepEqual([two?.deliveries, two?.gapMs], [0, 600]);
  pulse.delivered(9_000, 1);
  assert.equal(pulse.window('three', 9_100), undefined);
});
