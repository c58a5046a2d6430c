import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance, follow, settle, trackFrom } from './resume.ts';

const at = (offset: number, epoch = 'a'): { offset: number; epoch: string } => ({ offset, epoch });

test('[K10] the next publication is delivered, in its own epoch or in a new one', () => {
  assert.equal(follow(trackFrom(at(3)), at(4)), 'deliver');
  assert.equal(follow(trackFrom(at(3)), at(4, 'b')), 'deliver');
});

test('[K7] a publication that was seen is a duplicate', () => {
  const track = advance(trackFrom(at(3)), at(4));
  assert.equal(follow(track, at(4)), 'duplicate');
  assert.equal(follow(track, at(3)), 'duplicate');
});

test('[K10] an offset that was seen in another epoch is another publication', () => {
  assert.equal(follow(trackFrom(at(3)), at(3, 'b')), 'gap');
});

test('[K10] a missing publication is a gap', () => {
  assert.equal(follow(trackFrom(at(3)), at(5)), 'gap');
});

test('[K10] truncated goes back to before the fork, with the epoch that was seen there', () => {
  const track = advance(advance(trackFrom(at(1, 'a')), at(2, 'b')), at(3, 'b'));
  const settled = settle(track, { resume: { outcome: 'truncated', divergedAt: 2 }, position: at(9, 'c') });
  assert.deepEqual(settled.change, { outcome: 'truncated', from: 2, to: 3, position: at(1, 'a') });
  assert.equal(follow(settled.track, at(2, 'c')), 'deliver');
});

test('[K10] trimmed and unknown name what cannot be had', () => {
  const trimmed = settle(trackFrom(at(3)), {
    resume: { outcome: 'trimmed', firstOffset: 8 },
    position: at(9),
  });
  assert.deepEqual(trimmed.change, { outcome: 'trimmed', from: 4, to: 7, position: at(7) });
  const unknown = settle(trackFrom(at(3)), { resume: { outcome: 'unknown' }, position: at(0, 'b') });
  assert.deepEqual(unknown.change, { outcome: 'unknown', from: 4, position: at(0, 'b') });
});

test('[K3] recovered goes on where the application is, and fresh where the channel is', () => {
  const recovered = settle(trackFrom(at(3)), { resume: { outcome: 'recovered' }, position: at(9) });
  assert.deepEqual(recovered, { track: trackFrom(at(3)) });
  assert.deepEqual(settle(undefined, { resume: { outcome: 'fresh' }, position: at(9) }), {
    track: trackFrom(at(9)),
  });
});
