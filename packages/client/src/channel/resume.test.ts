import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance, answerTo, follow, freshPoint, resumePoint, settle } from './resume.ts';

const at = (offset: number, epoch = 'a'): { offset: number; epoch: string } => ({ offset, epoch });

test('[K10] the next publication is delivered, in its own epoch or in a new one', () => {
  assert.equal(follow(resumePoint({ position: at(3) }), at(4)), 'deliver');
  assert.equal(follow(resumePoint({ position: at(3) }), at(4, 'b')), 'deliver');
});

test('[K7] a publication that was seen is a duplicate', () => {
  const held = advance(resumePoint({ position: at(3) }), at(4));
  assert.equal(follow(held, at(4)), 'duplicate');
  assert.equal(follow(held, at(3)), 'duplicate');
});

test('[K10] an offset that was seen in another epoch is another publication', () => {
  assert.equal(follow(resumePoint({ position: at(3) }), at(3, 'b')), 'gap');
});

test('[K10] a missing publication is a gap', () => {
  assert.equal(follow(resumePoint({ position: at(3) }), at(5)), 'gap');
});

test('[K10] truncated goes back to before the fork, with the epoch that was seen there', () => {
  const held = advance(advance(resumePoint({ position: at(1, 'a') }), at(2, 'b')), at(3, 'b'));
  const settled = settle(held, { resume: { outcome: 'truncated', divergedAt: 2 }, position: at(9, 'c') });
  assert.deepEqual(settled.change, { outcome: 'truncated', from: 2, to: 3, position: at(1, 'a') });
  assert.equal(follow(settled.point, at(2, 'c')), 'deliver');
});

test('[K10] a truncation of what was not seen tells nothing, and moves nothing', () => {
  const held = resumePoint({ position: at(3) });
  const position = at(9, 'c');
  for (const divergedAt of [4, 5])
    assert.deepEqual(settle(held, { resume: { outcome: 'truncated', divergedAt }, position }), {
      point: held,
    });
  for (const firstOffset of [2, 4])
    assert.deepEqual(settle(held, { resume: { outcome: 'trimmed', firstOffset }, position }), {
      point: held,
    });
});

test('[C10] the chain names what is held, and ends in the epoch of the position', () => {
  const held = advance(advance(resumePoint({ position: at(7, 'a') }), at(8, 'b')), at(9, 'b'));
  assert.deepEqual(held, {
    position: at(9, 'b'),
    chain: [
      { epoch: 'a', start: 0 },
      { epoch: 'b', start: 8 },
    ],
  });
  const back = settle(held, { resume: { outcome: 'truncated', divergedAt: 8 }, position: at(12, 'c') });
  assert.deepEqual(back.point, { position: at(7, 'a'), chain: [{ epoch: 'a', start: 0 }] });
});

test('[C10] nothing is claimed of entries that are not held', () => {
  const trimmed = settle(resumePoint({ position: at(7) }), {
    resume: { outcome: 'trimmed', firstOffset: 20 },
    position: at(30, 'b'),
  });
  assert.deepEqual(trimmed.point.chain, []);
  assert.deepEqual(advance(trimmed.point, at(20)).chain, [{ epoch: 'a', start: 20 }]);
});

test('[K10] a truncation reaches what is held from before a gap that was trimmed', () => {
  const kept = advance(advance(freshPoint(at(0)), at(1)), at(2));
  const trimmed = settle(kept, { resume: { outcome: 'trimmed', firstOffset: 6 }, position: at(9) }).point;
  assert.deepEqual(trimmed, { position: at(5), chain: [], heldFrom: 1 });
  const held = advance(trimmed, at(6));
  assert.deepEqual(held, { position: at(6), chain: [{ epoch: 'a', start: 6 }], heldFrom: 1 });
  const back = settle(held, { resume: { outcome: 'truncated', divergedAt: 2 }, position: at(4, 'b') });
  assert.deepEqual(back.change, { outcome: 'truncated', from: 2, to: 6, position: at(1) });
  assert.deepEqual(
    settle(advance(back.point, at(2, 'b')), {
      resume: { outcome: 'truncated', divergedAt: 1 },
      position: at(1, 'c'),
    }).change,
    { outcome: 'truncated', from: 1, to: 2, position: at(0, 'b') },
  );
});

test('[K10] where nothing is held before a trimmed gap a truncation begins behind it', () => {
  const trimmed = settle(freshPoint(at(3)), {
    resume: { outcome: 'trimmed', firstOffset: 6 },
    position: at(9),
  }).point;
  const held = advance(trimmed, at(6));
  const back = settle(held, { resume: { outcome: 'truncated', divergedAt: 2 }, position: at(4, 'b') });
  assert.deepEqual(back.change, { outcome: 'truncated', from: 6, to: 6, position: at(1) });
});

test('[K10] where the channel ends at the fork, its epoch there is what is gone on from, whatever was claimed', () => {
  const alone = resumePoint({ position: at(2, 'b') });
  const back = settle(alone, { resume: { outcome: 'truncated', divergedAt: 2 }, position: at(1, 'a') });
  assert.deepEqual(back.change, { outcome: 'truncated', from: 2, to: 2, position: at(1, 'a') });
  assert.deepEqual(back.point, { position: at(1, 'a'), chain: [], heldFrom: 0 });
  const known = advance(resumePoint({ position: at(1, 'a') }), at(2, 'b'));
  const kept = settle(known, { resume: { outcome: 'truncated', divergedAt: 2 }, position: at(1, 'a') });
  assert.deepEqual(kept.point, { position: at(1, 'a'), chain: [{ epoch: 'a', start: 0 }] });
});

test('[K10] what was kept of a place with a trimmed gap is used where it can be true', () => {
  const place = { position: at(6), chain: [{ epoch: 'a', start: 6 }], heldFrom: 1 };
  assert.deepEqual(resumePoint(place), place);
  assert.deepEqual(resumePoint({ ...place, heldFrom: 6 }), { position: at(6), chain: place.chain });
  assert.deepEqual(resumePoint({ position: at(6), heldFrom: 1 }).chain, [{ epoch: 'a', start: 0 }]);
});

test('[C10] what was never seen is not to be rolled back', () => {
  const truncated = { resume: { outcome: 'truncated', divergedAt: 5 }, position: at(9, 'b') } as const;
  const fresh = settle(undefined, { resume: { outcome: 'fresh' }, position: at(7) }).point;
  assert.deepEqual(settle(fresh, truncated), { point: { position: at(4), chain: [] } });
  const seen = settle(advance(fresh, at(8)), truncated);
  assert.deepEqual(seen.change, { outcome: 'truncated', from: 8, to: 8, position: at(4) });
  const kept = settle(resumePoint({ position: at(8) }), truncated);
  assert.deepEqual(kept.change, { outcome: 'truncated', from: 5, to: 8, position: at(4) });
});

test('[C10] a chain that was kept is used where it can be true, and the position alone where not', () => {
  const chain = [
    { epoch: 'a', start: 1 },
    { epoch: 'b', start: 4 },
  ];
  assert.equal(resumePoint({ position: at(9, 'b'), chain: chain }).chain.length, 2);
  const alone = [{ epoch: 'b', start: 0 }];
  assert.deepEqual(resumePoint({ position: at(9, 'b'), chain: [...chain].reverse() }).chain, alone);
  assert.deepEqual(resumePoint({ position: at(9, 'b'), chain: chain.slice(0, 1) }).chain, alone);
  assert.deepEqual(resumePoint({ position: at(3, 'b'), chain: chain }).chain, alone);
  const long = Array.from({ length: 40 }, (_, index) => ({ epoch: `e${index}`, start: index }));
  assert.equal(resumePoint({ position: at(50, 'e39'), chain: long }).chain.length, 32);
});

test('[K10] trimmed and unknown name what cannot be had', () => {
  const trimmed = settle(resumePoint({ position: at(3) }), {
    resume: { outcome: 'trimmed', firstOffset: 8 },
    position: at(9),
  });
  assert.deepEqual(trimmed.change, { outcome: 'trimmed', from: 4, to: 7, position: at(7) });
  const unknown = settle(resumePoint({ position: at(3) }), {
    resume: { outcome: 'unknown' },
    position: at(0, 'b'),
  });
  assert.deepEqual(unknown.change, { outcome: 'unknown', from: 4, position: at(0, 'b') });
});

test('[K3] recovered goes on where the application is, and fresh where the channel is', () => {
  const recovered = settle(resumePoint({ position: at(3) }), {
    resume: { outcome: 'recovered' },
    position: at(9),
  });
  assert.deepEqual(recovered, { point: resumePoint({ position: at(3) }) });
  assert.deepEqual(settle(undefined, { resume: { outcome: 'fresh' }, position: at(9) }), {
    point: freshPoint(at(9)),
  });
});

test('[K18] an answer to a join is compared with what is still held of what the join named', () => {
  const truncated = (divergedAt: number) =>
    ({ resume: { outcome: 'truncated', divergedAt }, position: at(9, 'b') }) as const;
  const recovered = { resume: { outcome: 'recovered' }, position: at(9, 'b') } as const;
  const all = Number.POSITIVE_INFINITY;
  for (const answer of [truncated(5), recovered]) assert.equal(answerTo(all, answer), answer);
  assert.deepEqual(answerTo(4, truncated(5)), recovered, 'it was told');
  assert.deepEqual(answerTo(4, truncated(4)), truncated(4), 'more is lost than was told');
  const others = [truncated(6), recovered, { ...recovered, resume: { outcome: 'unknown' } } as const];
  for (const answer of others) assert.equal(answerTo(4, answer), undefined, 'where the two part is not said');
});
