import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LogState, planResume } from './resume-plan.ts';

const STATE: LogState = {
  chain: [
    { epoch: 'A', start: 1 },
    { epoch: 'B', start: 50 },
  ],
  head: { offset: 80, epoch: 'B' },
  firstKept: 20,
  tailIsLive: true,
};

test('[C3] a position of this history recovers what follows it', () => {
  assert.deepEqual(planResume(STATE, { since: { offset: 30, epoch: 'A' }, limit: 100 }), {
    resume: { outcome: 'recovered' },
    from: 31,
    to: 80,
  });
});

test('[C3] a position at the head recovers, and is owed nothing', () => {
  const plan = planResume(STATE, { since: { offset: 80, epoch: 'B' }, limit: 100 });
  assert.equal(plan.resume.outcome, 'recovered');
  assert.ok(plan.from > plan.to);
});

test('[B3] a position beyond what its epoch wrote here is truncated where the histories part', () => {
  assert.deepEqual(planResume(STATE, { since: { offset: 60, epoch: 'A' }, limit: 10 }), {
    resume: { outcome: 'truncated', divergedAt: 50 },
    from: 50,
    to: 59,
  });
});

test('[B3] the tail of a history that no longer writes is truncated after the head', () => {
  const plan = planResume({ ...STATE, tailIsLive: false }, { since: { offset: 90, epoch: 'B' }, limit: 10 });
  assert.deepEqual(plan.resume, { outcome: 'truncated', divergedAt: 81 });
});

test('[B3] an offset from the future of the history that is being written is unknown', () => {
  assert.equal(planResume(STATE, { since: { offset: 81, epoch: 'B' }, limit: 10 }).resume.outcome, 'unknown');
});

test('[B3] an epoch that the chain does not name is unknown, and nothing is replayed', () => {
  const plan = planResume(STATE, { since: { offset: 30, epoch: 'C' }, limit: 10 });
  assert.equal(plan.resume.outcome, 'unknown');
  assert.ok(plan.from > plan.to);
});

test('[C3] entries that are no longer kept are trimmed, and the rest is replayed', () => {
  assert.deepEqual(planResume(STATE, { since: { offset: 5, epoch: 'A' }, limit: 10 }), {
    resume: { outcome: 'trimmed', firstOffset: 20 },
    from: 20,
    to: 29,
  });
});

test('[B3] a truncation whose repair is no longer kept is unknown rather than half repaired', () => {
  const plan = planResume({ ...STATE, firstKept: 70 }, { since: { offset: 60, epoch: 'A' }, limit: 10 });
  assert.equal(plan.resume.outcome, 'unknown');
});

test('[B3] an offset before the epoch began is in the history that the epoch went on with', () => {
  assert.deepEqual(planResume(STATE, { since: { offset: 49, epoch: 'B' }, limit: 5 }), {
    resume: { outcome: 'recovered' },
    from: 50,
    to: 54,
  });
});

test('[C3] offset 0 has seen nothing, whatever its epoch', () => {
  const state = { ...STATE, firstKept: 1 };
  assert.deepEqual(planResume(state, { since: { offset: 0, epoch: 'gone' }, limit: 3 }), {
    resume: { outcome: 'recovered' },
    from: 1,
    to: 3,
  });
});

test('[C3] without a position the newest are read', () => {
  assert.deepEqual(planResume(STATE, { limit: 5 }), { resume: { outcome: 'fresh' }, from: 76, to: 80 });
  const headOnly = planResume(STATE, { limit: 0 });
  assert.ok(headOnly.from > headOnly.to);
});

const LOST = { offset: 70, epoch: 'C' };

test('[C10] an epoch that was lost as a whole is truncated where the epoch before it ended here', () => {
  const chain = [
    { epoch: 'A', start: 20 },
    { epoch: 'C', start: 60 },
  ];
  assert.deepEqual(planResume(STATE, { since: LOST, chain, limit: 10 }), {
    resume: { outcome: 'truncated', divergedAt: 50 },
    from: 50,
    to: 59,
  });
});

test('[C10] an epoch that was lost as a whole is truncated where the reader first held it, if that is sooner', () => {
  const chain = [
    { epoch: 'A', start: 20 },
    { epoch: 'C', start: 45 },
  ];
  assert.deepEqual(planResume(STATE, { since: LOST, chain, limit: 3 }), {
    resume: { outcome: 'truncated', divergedAt: 45 },
    from: 45,
    to: 47,
  });
});

test('[C10] any number of epochs may have been lost, as long as one is known', () => {
  const chain = [
    { epoch: 'B', start: 79 },
    { epoch: 'X', start: 81 },
    { epoch: 'Y', start: 82 },
    { epoch: 'C', start: 83 },
  ];
  const plan = planResume(STATE, { since: { offset: 90, epoch: 'C' }, chain, limit: 10 });
  assert.deepEqual(plan, { resume: { outcome: 'truncated', divergedAt: 81 }, from: 81, to: 80 });
});

test('[C10] what was lost may reach back before the place where the reader began', () => {
  const chain = [{ epoch: 'A', start: 55 }];
  const plan = planResume(STATE, { since: { offset: 60, epoch: 'A' }, chain, limit: 1 });
  assert.deepEqual(plan.resume, { outcome: 'truncated', divergedAt: 50 });
});

test('[C10] a chain that does not fit its position is not looked at', () => {
  const unfit = [
    [],
    [{ epoch: 'A', start: 20 }],
    [
      { epoch: 'A', start: 20 },
      { epoch: 'C', start: 71 },
    ],
    [
      { epoch: 'A', start: 60 },
      { epoch: 'B', start: 50 },
      { epoch: 'C', start: 61 },
    ],
    [
      { epoch: 'A', start: 60 },
      { epoch: 'C', start: 60 },
    ],
  ];
  for (const chain of unfit)
    assert.equal(planResume(STATE, { since: LOST, chain, limit: 1 }).resume.outcome, 'unknown');
});

test('[C10] a chain of nothing but strangers is unknown', () => {
  const chain = [
    { epoch: 'X', start: 20 },
    { epoch: 'C', start: 45 },
  ];
  assert.equal(planResume(STATE, { since: LOST, chain, limit: 1 }).resume.outcome, 'unknown');
});

test('[C10] a chain that claims more than the living history wrote is unknown', () => {
  const chain = [
    { epoch: 'B', start: 60 },
    { epoch: 'C', start: 85 },
  ];
  const since = { offset: 90, epoch: 'C' };
  assert.equal(planResume(STATE, { since, chain, limit: 1 }).resume.outcome, 'unknown');
  assert.deepEqual(planResume({ ...STATE, tailIsLive: false }, { since, chain, limit: 1 }).resume, {
    outcome: 'truncated',
    divergedAt: 81,
  });
});
