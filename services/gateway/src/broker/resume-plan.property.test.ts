import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHAIN_LINKS_MAX } from '@kittiwake/protocol';
import fc from 'fast-check';
import {
  type Act,
  act,
  chainOf,
  commonOffset,
  epochOf,
  ForkingHistory,
  type Reader,
} from '../../test/support/forking-history.ts';
import { planResume, type ResumePlan } from './resume-plan.ts';

/** What the truth says, without a look at any chain but for whether the reader knows the epoch of the last common entry. */
function oracle(world: ForkingHistory, reader: Reader): ResumePlan['resume'] {
  const { firstKept, chain } = world.state;
  const held = reader.branch.entries.slice(0, reader.position.offset);
  const common = commonOffset(held, world.live.entries);
  const last = world.live.entries[common - 1]?.position.epoch;
  const epochsHeld = held.slice(reader.begin - 1).map(entry => entry.position.epoch);
  const isKnown =
    last !== undefined && epochsHeld.includes(last) && chain.some(({ epoch }) => epoch === last);
  if (!isKnown) return { outcome: 'unknown' };
  if (common === reader.position.offset) {
    return common + 1 < firstKept ? { outcome: 'trimmed', firstOffset: firstKept } : { outcome: 'recovered' };
  }
  return common + 1 < firstKept ? { outcome: 'unknown' } : { outcome: 'truncated', divergedAt: common + 1 };
}

function worldOf(acts: readonly Act[]): ForkingHistory {
  const world = new ForkingHistory();
  for (const one of acts) world.run(one);
  return world;
}

const RUNS = { numRuns: 5_000 };
const LIMIT = 10_000;

test('[C10] a reader is told exactly where its history and that of the channel part', () => {
  const told = { recovered: 0, truncated: 0, trimmed: 0, unknown: 0, fresh: 0 };
  fc.assert(
    fc.property(fc.array(act, { minLength: 4, maxLength: 30 }), acts => {
      const world = worldOf(acts);
      for (const reader of world.readers) {
        const query = { since: reader.position, chain: chainOf(reader), limit: LIMIT };
        const { resume } = planResume(world.state, query);
        assert.deepEqual(resume, oracle(world, reader));
        told[resume.outcome] += 1;
      }
    }),
    RUNS,
  );
  for (const outcome of ['recovered', 'truncated', 'trimmed', 'unknown'] as const)
    assert.ok(told[outcome] > 200, `${outcome} came up ${told[outcome]} times`);
});

test('[C10] a reader that does what it is told holds the very entries of the channel', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 4, maxLength: 30 }), acts => {
      const world = worldOf(acts);
      for (const reader of world.readers) {
        const plan = planResume(world.state, {
          since: reader.position,
          chain: chainOf(reader),
          limit: LIMIT,
        });
        if (plan.resume.outcome === 'unknown') continue;
        const held = reader.branch.entries.slice(0, reader.position.offset);
        const kept = plan.resume.outcome === 'truncated' ? held.slice(0, plan.resume.divergedAt - 1) : held;
        const given = world.live.entries.slice(plan.from - 1, plan.to);
        const first = plan.resume.outcome === 'trimmed' ? plan.resume.firstOffset : kept.length + 1;
        assert.deepEqual([...kept, ...given], [...kept, ...world.live.entries.slice(first - 1)]);
        assert.equal(commonOffset(kept, world.live.entries), kept.length);
      }
    }),
    RUNS,
  );
});

test('[C10] without a chain a reader is told the same, or that nothing is known', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 4, maxLength: 30 }), acts => {
      const world = worldOf(acts);
      for (const reader of world.readers) {
        const { resume } = planResume(world.state, { since: reader.position, limit: LIMIT });
        if (resume.outcome !== 'unknown') assert.deepEqual(resume, oracle(world, reader));
      }
    }),
    RUNS,
  );
});

test('[C10] failovers that lose nothing are not noticed, as many as a chain remembers', () => {
  const clean = fc.constantFrom<Act>(
    { act: 'clean-failover' },
    { act: 'write', count: 2 },
    { act: 'read', from: 3, to: 7 },
  );
  fc.assert(
    fc.property(fc.array(clean, { maxLength: 2 * CHAIN_LINKS_MAX }), acts => {
      const world = worldOf(acts);
      for (const reader of world.readers) {
        const plan = planResume(world.state, {
          since: reader.position,
          chain: chainOf(reader),
          limit: LIMIT,
        });
        assert.deepEqual(plan.resume, { outcome: 'recovered' });
        assert.equal(plan.from, reader.position.offset + 1);
      }
    }),
  );
});

test('[C10] whatever a reader says of itself, it is answered within the log, and never recovered for a lie', () => {
  const epoch = fc.integer({ min: 0, max: 6 }).map(epochOf);
  const offset = fc.integer({ min: 0, max: 60 });
  const forged = fc.record({
    since: fc.record({ offset, epoch }),
    chain: fc.option(fc.array(fc.record({ epoch, start: offset }), { maxLength: CHAIN_LINKS_MAX }), {
      nil: undefined,
    }),
    limit: fc.integer({ min: 1, max: 100 }),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), forged, (acts, query) => {
      const { live, state } = worldOf(acts);
      const plan = planResume(state, query);
      if (plan.from <= plan.to) assert.ok(plan.from >= state.firstKept && plan.to <= state.head.offset);
      assert.ok(plan.to - plan.from < query.limit);
      if (plan.resume.outcome === 'truncated') {
        assert.equal(plan.from, plan.resume.divergedAt);
        assert.ok(plan.from <= query.since.offset && plan.from <= state.head.offset + 1);
      }
      if (plan.resume.outcome !== 'recovered' || query.since.offset === 0) return;
      assert.equal(plan.from, query.since.offset + 1);
      const wroteIt = live.entries
        .slice(query.since.offset - 1)
        .some(one => one.position.epoch === query.since.epoch);
      assert.ok(wroteIt, 'the epoch has this offset in its history');
    }),
    RUNS,
  );
});
