import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ElectionEvent, type ElectionState, INITIAL, type LeaseRecord } from './election-state.ts';
import { holds, transition } from './transition.ts';

const RULES = { identity: 'me', durationMs: 15_000, renewDeadlineMs: 10_000 };
const THEIRS: LeaseRecord = {
  holder: 'they',
  durationMs: 15_000,
  renewTime: 't1',
  acquireTime: 't0',
  transitions: 4,
  version: '7',
};
const MINE: LeaseRecord = { ...THEIRS, holder: 'me', version: '8' };

const step = (state: ElectionState, event: ElectionEvent, nowMs: number) =>
  transition(state, event, { nowMs, rules: RULES });
const read = (record: LeaseRecord | undefined): ElectionEvent => ({ kind: 'read', record, beganAtMs: 0 });

describe('following', () => {
  test('[R2] without a lease one is created', () => {
    assert.deepEqual(step(INITIAL, read(undefined), 0).effects, [{ kind: 'create' }]);
  });

  test('[R2] a lease is not taken before it stood still for its whole duration by our clock', () => {
    const first = step(INITIAL, read(THEIRS), 1_000);
    assert.deepEqual(first.effects, []);
    assert.deepEqual(step(first.state, read(THEIRS), 15_999).effects, []);
    assert.deepEqual(step(first.state, read(THEIRS), 16_000).effects, [
      { kind: 'update', over: THEIRS, transitions: 5 },
    ]);
  });

  test('[R2] each renewal that is seen starts the wait anew', () => {
    const first = step(INITIAL, read(THEIRS), 0);
    const second = step(first.state, read({ ...THEIRS, renewTime: 't2' }), 14_000);
    assert.deepEqual(step(second.state, read({ ...THEIRS, renewTime: 't2' }), 28_000).effects, []);
  });

  test('[R2] the longer of two durations counts', () => {
    const long = { ...THEIRS, durationMs: 60_000 };
    const first = step(INITIAL, read(long), 0);
    assert.deepEqual(step(first.state, read(long), 59_999).effects, []);
  });

  test('[R4] a released lease is taken at once', () => {
    assert.equal(step(INITIAL, read({ ...THEIRS, holder: '' }), 0).effects[0]?.kind, 'update');
  });

  test('[R3] a write that took longer than the renew deadline wins nothing', () => {
    const won = step(INITIAL, { kind: 'wrote', record: MINE, beganAtMs: 0 }, 10_000);
    assert.equal(won.state.phase, 'following');
    assert.deepEqual(won.effects, []);
  });
});

describe('leading', () => {
  const leading: ElectionState = { phase: 'leading', record: MINE, renewedAtMs: 1_000 };

  test('[R3] the lease is held until the renew deadline after the write began, and no longer', () => {
    assert.equal(holds(leading, 10_999, RULES), true);
    assert.equal(holds(leading, 11_000, RULES), false);
  });

  test('[R3] a tick after the deadline gives up without asking', () => {
    const late = step(leading, { kind: 'tick' }, 11_000);
    assert.equal(late.state.phase, 'following');
    assert.deepEqual(late.effects, [{ kind: 'lost', reason: 'deadline' }]);
  });

  test('[R3] a failed renewal changes nothing before the deadline', () => {
    assert.deepEqual(step(leading, { kind: 'failed' }, 5_000), { state: leading, effects: [] });
  });

  test('[R3] a lease that somebody else holds ends our lead', () => {
    const raced = step(leading, { kind: 'lost-race' }, 2_000);
    assert.deepEqual(raced.effects, [{ kind: 'read' }]);
    assert.deepEqual(step(raced.state, read(THEIRS), 2_001).effects, [{ kind: 'lost', reason: 'taken' }]);
  });

  test('[R3] a lease that was only edited is renewed over its new version', () => {
    const edited = { ...MINE, version: '9' };
    const again = step(leading, read(edited), 2_000);
    assert.deepEqual(step(again.state, { kind: 'tick' }, 2_001).effects, [
      { kind: 'update', over: edited, transitions: 4 },
    ]);
  });

  test('[R4] stopping ends the lead first and gives the lease away then', () => {
    const stopping = step(leading, { kind: 'stop' }, 2_000);
    assert.deepEqual(
      stopping.effects.map(({ kind }) => kind),
      ['lost', 'release'],
    );
    assert.equal(step(stopping.state, { kind: 'failed' }, 2_100).state.phase, 'stopped');
  });
});
