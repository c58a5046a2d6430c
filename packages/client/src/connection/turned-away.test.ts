import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionId } from '@kittiwake/protocol';
import type { ConnectionEvent } from './connection-event.ts';
import { CONNECTION_POLICY } from './connection-policy.ts';
import { type ConnectionState, NO_OUTAGE, type Outage } from './connection-state.ts';
import type { Step } from './step.ts';
import { transition } from './transition.ts';

const KEEPSAKE = { session: 's1' as SessionId, token: 't' };
/** Five failures in a minute: alone they would give a backoff of 15 s. */
const OUTAGE: Outage = { ...NO_OUTAGE, failures: 5, sinceMs: -60_000 };
const CONNECTING: ConnectionState = { phase: 'connecting', keepsake: KEEPSAKE, outage: OUTAGE, token: 't' };

function after(state: ConnectionState, event: ConnectionEvent): Step {
  const random = { next: () => 0.5, hex: () => '00' };
  return transition(state, event, { policy: CONNECTION_POLICY, random, nowMs: 0 });
}

/** Milliseconds until the next attempt. */
function waitMs({ state }: Step): number | undefined {
  return state.phase === 'waiting' ? state.delayMs : undefined;
}

function dialOf({ effects }: Step) {
  return effects.find(effect => effect.type === 'dial');
}

test('[K19] who is turned away before the session began comes when it was told to, however often it failed', () => {
  const goaway = { type: 'goaway', reconnectAfterMs: 7_000, reason: 'overload' } as const;
  const told = after(CONNECTING, { type: 'goaway', goaway });
  assert.equal(waitMs(told), 7_000);
  assert.deepEqual(told.effects[0], { type: 'abandon', code: 1000, reason: 'normal' });
  assert.equal(after(told.state, { type: 'hint' }).state, told.state);
  assert.equal(after(told.state, { type: 'timer', timer: 'retry' }).state.phase, 'connecting');
});

test('[K19] a Retry-After is obeyed, and spread over the second that it does not name', () => {
  const refused = { type: 'socket-closed', code: 1006, retryAfterMs: 4_000 } as const;
  assert.equal(waitMs(after(CONNECTING, refused)), 4_500);
  assert.equal(waitMs(after(CONNECTING, { ...refused, retryAfterMs: 86_400_000 })), 300_500);
});

test('[K19] a dial says that there is a session to resume once there is one', () => {
  const token = { type: 'token', token: 't' } as const;
  const first = after({ phase: 'authorizing', keepsake: {}, outage: NO_OUTAGE }, token);
  assert.deepEqual(dialOf(first), { type: 'dial', resumes: false });
  const waiting = after(CONNECTING, { type: 'socket-closed', code: 1006 }).state;
  assert.deepEqual(dialOf(after(waiting, { type: 'timer', timer: 'retry' })), {
    type: 'dial',
    resumes: true,
  });
});
