import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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
  assert.deepEqual(planResume(STATE, { offset: 30, epoch: 'A' }, 100), {
    resume: { outcome: 'recovered' },
    from: 31,
    to: 80,
  });
});

test('[C3] a position at the head recovers, and is owed nothing', () => {
  const plan = planResume(STATE, { offset: 80, epoch: 'B' }, 100);
  assert.equal(plan.resume.outcome, 'recovered');
  assert.ok(plan.from > plan.to);
});

test('[B3] a position beyond what its epoch wrote here is truncated where the histories part', () => {
  assert.deepEqual(planResume(STATE, { offset: 60, epoch: 'A' }, 10), {
    resume: { outcome: 'truncated', divergedAt: 50 },
    from: 50,
    to: 59,
  });
});

test('[B3] the tail of a history that no longer writes is truncated after the head', () => {
  const plan = planResume({ ...STATE, tailIsLive: false }, { offset: 90, epoch: 'B' }, 10);
  assert.deepEqual(plan.resume, { outcome: 'truncated', divergedAt: 81 });
});

test('[B3] an offset from the future of the history that is being written is unknown', () => {
  assert.equal(planResume(STATE, { offset: 81, epoch: 'B' }, 10).resume.outcome, 'unknown');
});

test('[B3] an epoch that the chain does not name is unknown, and nothing is replayed', () => {
  const plan = planResume(STATE, { offset: 30, epoch: 'C' }, 10);
  assert.equal(plan.resume.outcome, 'unknown');
  assert.ok(plan.from > plan.to);
});

test('[C3] entries that are no longer kept are trimmed, and the rest is replayed', () => {
  assert.deepEqual(planResume(STATE, { offset: 5, epoch: 'A' }, 10), {
    resume: { outcome: 'trimmed', firstOffset: 20 },
    from: 20,
    to: 29,
  });
});

test('[B3] a truncation whose repair is no longer kept is unknown rather than half repaired', () => {
  const plan = planResume({ ...STATE, firstKept: 70 }, { offset: 60, epoch: 'A' }, 10);
  assert.equal(plan.resume.outcome, 'unknown');
});

test('[B3] an offset before the epoch began is in the history that the epoch went on with', () => {
  assert.deepEqual(planResume(STATE, { offset: 49, epoch: 'B' }, 5), {
    resume: { outcome: 'recovered' },
    from: 50,
    to: 54,
  });
});

test('[C3] offset 0 has seen nothing, whatever its epoch', () => {
  const state = { ...STATE, firstKept: 1 };
  assert.deepEqual(planResume(state, { offset: 0, epoch: 'gone' }, 3), {
    resume: { outcome: 'recovered' },
    from: 1,
    to: 3,
  });
});

test('[C3] without a position the newest are read', () => {
  assert.deepEqual(planResume(STATE, undefined, 5), { resume: { outcome: 'fresh' }, from: 76, to: 80 });
  const headOnly = planResume(STATE, undefined, 0);
  assert.ok(headOnly.from > headOnly.to);
});

test('[C3] whatever is asked, only kept entries are read, and recovered leaves no gap', () => {
  const state = fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 60 }))
    .map(([second, written, kept]): LogState => {
      const head = second + written;
      return {
        chain: [{ epoch: 'A', start: 1 }, ...(second === 1 ? [] : [{ epoch: 'B', start: second }])],
        head: { offset: head, epoch: second === 1 ? 'A' : 'B' },
        firstKept: Math.max(1, head + 1 - kept),
        tailIsLive: head % 2 === 0,
      };
    });
  const since = fc.record({
    offset: fc.integer({ min: 0, max: 120 }),
    epoch: fc.constantFrom('A', 'B', 'C'),
  });
  fc.assert(
    fc.property(state, since, fc.integer({ min: 1, max: 100 }), (log, position, limit) => {
      const plan = planResume(log, position, limit);
      if (plan.from <= plan.to) assert.ok(plan.from >= log.firstKept && plan.to <= log.head.offset);
      assert.ok(plan.to - plan.from < limit);
      if (plan.resume.outcome === 'recovered') assert.equal(plan.from, position.offset + 1);
      if (plan.resume.outcome === 'truncated') assert.equal(plan.from, plan.resume.divergedAt);
    }),
  );
});
