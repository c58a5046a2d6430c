import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure } from '../failure.ts';
import type { ChannelEvent, ChannelState } from './channel-state.ts';
import { transition } from './transition.ts';

const random = { next: () => 0.5, hex: () => '00' };
const step = (state: ChannelState, event: ChannelEvent, online = true): [string, ...string[]] => {
  const next = transition(state, event, { online, random });
  const { state: after } = next;
  return [after.phase === 'joining' ? after.step : after.phase, ...next.effects.map(effect => effect.type)];
};

const DETACHED: ChannelState = { phase: 'detached' };
const ASKED: ChannelState = { phase: 'joining', step: 'asked', attempt: 0 };
const JOINED: ChannelState = { phase: 'joined' };
const refused = (kind: Failure['kind'], retry: Failure['retry']): ChannelEvent => ({
  type: 'refused',
  failure: { kind, message: '', retry },
});

test('[K3] a join is asked at once when online, else as soon as there is a connection', () => {
  assert.deepEqual(step(DETACHED, { type: 'join' }), ['asked', 'send-join']);
  assert.deepEqual(step(DETACHED, { type: 'join' }, false), ['offline']);
  assert.deepEqual(step({ phase: 'joining', step: 'offline', attempt: 0 }, { type: 'online' }), [
    'asked',
    'send-join',
  ]);
});

test('[K3] a membership outlives its connection', () => {
  assert.deepEqual(step(JOINED, { type: 'offline' }, false), ['offline']);
  assert.deepEqual(step(DETACHED, { type: 'offline' }, false), ['detached']);
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
