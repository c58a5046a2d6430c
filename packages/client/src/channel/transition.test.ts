import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure } from '../failure.ts';
import type { ChannelEvent, ChannelState } from './channel-state.ts';
import { transition } from './transition.ts';

const random = { next: () => 0.5, hex: () => '00' };
const step = (
  state: ChannelState,
  event: ChannelEvent,
  { online = true, paused = false } = {},
): [string, ...string[]] => {
  const next = transition(state, event, { online, paused, random });
  const { state: after } = next;
  return [after.phase === 'joining' ? after.step : after.phase, ...next.effects.map(effect => effect.type)];
};

const OFFLINE = { online: false };
const DETACHED: ChannelState = { phase: 'detached' };
const ASKED: ChannelState = { phase: 'joining', step: 'asked', attempt: 0 };
const JOINED: ChannelState = { phase: 'joined' };
const refused = (kind: Failure['kind'], retry: Failure['retry']): ChannelEvent => ({
  type: 'refused',
  failure: { kind, message: '', retry },
});

test('[K3] a join is asked at once when online, else as soon as there is a connection', () => {
  assert.deepEqual(step(DETACHED, { type: 'join' }), ['asked', 'send-join']);
  assert.deepEqual(step(DETACHED, { type: 'join' }, OFFLINE), ['offline']);
  assert.deepEqual(step({ phase: 'joining', step: 'offline', attempt: 0 }, { type: 'online' }), [
    'asked',
    'send-join',
  ]);
});

test('[K3] a membership outlives its connection', () => {
  assert.deepEqual(step(JOINED, { type: 'offline' }, OFFLINE), ['offline']);
  assert.deepEqual(step(DETACHED, { type: 'offline' }, OFFLINE), ['detached']);
});

test('[K2] a refusal for good fails, one for now is asked again', () => {
  assert.deepEqual(step(ASKED, refused('forbidden', 'never')), ['failed']);
  assert.deepEqual(step(ASKED, refused('broker_unavailable', 'backoff')), ['backing-off', 'retry-after']);
});

test('[K3] a membership that the gateway still has is ended before it is asked for again', () => {
  assert.deepEqual(step(ASKED, refused('already_joined', 'never')), [
    'backing-off',
    'send-leave',
    'retry-after',
  ]);
});

test('[K10] a gap joins anew', () => {
  assert.deepEqual(step(JOINED, { type: 'gap' }), ['asked', 'send-leave', 'send-join']);
});

test('[K7] answers that come after a leave change nothing', () => {
  assert.deepEqual(step(JOINED, { type: 'leave' }), ['detached', 'send-leave']);
  assert.deepEqual(step(DETACHED, { type: 'joined' }), ['detached']);
  assert.deepEqual(step(DETACHED, refused('forbidden', 'never')), ['detached']);
  assert.deepEqual(step(DETACHED, { type: 'retry-due' }), ['detached']);
});

test('[K15] where there is no room the channel is left, and joined once there is', () => {
  const paused = { phase: 'joining', step: 'paused', attempt: 0 } as const;
  assert.deepEqual(step(JOINED, { type: 'full' }), ['paused', 'send-leave']);
  assert.deepEqual(step(paused, { type: 'room' }), ['asked', 'send-join']);
  assert.deepEqual(step(paused, { type: 'room' }, OFFLINE), ['offline']);
  for (const type of ['join', 'offline', 'online'] as const) {
    const { state } = transition(paused, { type }, { online: type !== 'offline', paused: true, random });
    assert.equal(state.phase === 'joining' && state.step, type === 'offline' ? 'offline' : 'paused');
  }
  assert.deepEqual(step(DETACHED, { type: 'room' }), ['detached']);
});

test('[K15] an application that cannot go on is failed, until it joins again', () => {
  const failure: Failure = { kind: 'handler_failed', message: '', retry: 'never' };
  assert.deepEqual(step(JOINED, { type: 'stopped', failure }), ['failed', 'send-leave']);
  assert.deepEqual(step(ASKED, { type: 'stopped', failure }, OFFLINE), ['failed']);
  assert.deepEqual(step(DETACHED, { type: 'stopped', failure }), ['detached']);
  assert.deepEqual(step({ phase: 'failed', failure }, { type: 'join' }), ['asked', 'send-join']);
});
