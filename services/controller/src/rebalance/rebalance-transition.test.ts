import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Census, Obstacle } from './census.ts';
import { REBALANCE_RULES as RULES } from './rebalance-rules.ts';
import { CALM, type Observation, type RebalanceState } from './rebalance-state.ts';
import { rebalanceTransition } from './rebalance-transition.ts';

const UNEVEN = [600, 600, 0];
const EVEN = [400, 400, 400];

/** Looks at gateways once a second, and writes down what is decided. */
function watching(start: RebalanceState = CALM) {
  let state = start;
  let nowMs = 0;
  const look = (sessions: readonly number[] | Obstacle, changes: Partial<Observation & Census> = {}) => {
    nowMs += 1_000;
    const census =
      typeof sessions === 'string'
        ? sessions
        : {
            loads: sessions.map((count, index) => ({ id: `gateway-${index}`, sessions: count })),
            sheddingLeft: changes.sheddingLeft,
            seenAtMs: changes.seenAtMs ?? nowMs - 1,
          };
    const step = rebalanceTransition(state, { nowMs, mode: 'on', isAsked: false, ...changes, census }, RULES);
    state = step.state;
    return step.decision?.kind;
  };
  const looks = (count: number, ...rest: Parameters<typeof look>) =>
    Array.from({ length: count }, () => look(...rest)).filter(kind => kind !== undefined);
  return { look, looks, phase: () => state.phase };
}

test('[R24] a spread must last before anybody is moved', () => {
  const { looks, look, phase } = watching();
  assert.deepEqual(looks(8, UNEVEN), []);
  assert.equal(phase(), 'suspecting');
  assert.equal(look(UNEVEN), 'shed');
});

test('[R24] a spread that goes away by itself moves nobody', () => {
  const { looks, phase } = watching();
  looks(7, UNEVEN);
  looks(1, EVEN);
  assert.equal(phase(), 'calm');
  assert.deepEqual(looks(8, UNEVEN), []);
});

test('[R24] the same numbers looked at again are no further observation', () => {
  const { looks } = watching();
  assert.deepEqual(looks(30, UNEVEN, { seenAtMs: 500 }), []);
});

test('[R24] another gateway that becomes ready starts the wait anew, so that one shed serves all newcomers', () => {
  const { looks } = watching();
  looks(7, [600, 600, 0]);
  assert.deepEqual(looks(8, [600, 600, 0, 0]), []);
});

test('[R24] below a quarter, or below a handful of sessions, it is calm', () => {
  for (const sessions of [
    [500, 400, 330],
    [30, 30, 12],
    [0, 0, 0],
  ]) {
    const { looks, phase } = watching();
    assert.deepEqual(looks(30, sessions), []);
    assert.equal(phase(), 'calm');
  }
});

for (const obstacle of ['unknown', 'leaving', 'rollout', 'scale_in', 'alone'] as const) {
  test(`[R24] nobody is moved while the obstacle is ${obstacle}, and the wait starts anew after it`, () => {
    const { looks } = watching();
    looks(7, UNEVEN);
    assert.deepEqual(looks(30, obstacle), []);
    assert.deepEqual(looks(8, UNEVEN), []);
  });
}

for (const [obstacle, quietLooks] of [
  ['rollout', 67],
  ['leaving', 67],
  ['scale_in', 8],
] as const) {
  test(`[R24] after the obstacle ${obstacle} it takes ${quietLooks} looks more`, () => {
    const { looks } = watching();
    looks(30, obstacle);
    assert.deepEqual(looks(quietLooks, UNEVEN), []);
    assert.deepEqual(looks(1, UNEVEN), ['shed']);
  });
}

test('[R24] a gateway that is added while it lets things be is not left empty', () => {
  const { looks } = watching();
  looks(3, 'rollout');
  assert.deepEqual(looks(10, [300, 200, 100]), []);
  assert.deepEqual(looks(9, [300, 200, 100, 0]), ['shed']);
});

test('[R24] afterwards it lets things be for a while, whatever the spread', () => {
  const { looks, phase } = watching();
  looks(9, UNEVEN);
  assert.deepEqual(looks(5, EVEN), ['done']);
  assert.equal(phase(), 'cooling');
  assert.deepEqual(looks(55, UNEVEN), []);
  assert.deepEqual(looks(14, UNEVEN), ['shed']);
});

test('[R27] a shed under way is waited for, and its end is given time to settle', () => {
  const { looks } = watching();
  looks(9, UNEVEN);
  assert.deepEqual(looks(60, UNEVEN, { sheddingLeft: 10 }), []);
  assert.deepEqual(looks(3, [500, 500, 200]), []);
  assert.deepEqual(looks(1, [500, 500, 200]), ['shed']);
});

test('[R27] an old view that does not show the shed yet does not repeat it', () => {
  const { looks } = watching();
  looks(9, UNEVEN);
  assert.deepEqual(looks(30, UNEVEN, { seenAtMs: 8_000 }), []);
});

test('[R27] a leader that finds a shed of its predecessor waits for it and adds nothing', () => {
  const { looks, phase } = watching();
  assert.deepEqual(looks(30, UNEVEN, { sheddingLeft: 10 }), []);
  assert.equal(phase(), 'moving');
  assert.deepEqual(looks(5, EVEN), ['done']);
});

test('[R27] a shed whose end nobody sees is given up', () => {
  const { looks, phase } = watching();
  looks(9, UNEVEN);
  assert.deepEqual(looks(301, UNEVEN, { sheddingLeft: 10 }), ['gave_up']);
  assert.equal(phase(), 'cooling');
});

test('[R24] a rollout that begins meanwhile ends it; a number that is missing does not', () => {
  const { looks, phase } = watching();
  looks(9, UNEVEN);
  assert.deepEqual(looks(5, 'unknown'), []);
  assert.equal(phase(), 'moving');
  assert.deepEqual(looks(5, 'rollout'), ['postponed']);
  assert.equal(phase(), 'cooling');
});

test('[R28] dry-run decides the same, moves nobody, and says it once in a while', () => {
  const { looks, phase } = watching();
  assert.deepEqual(looks(9, UNEVEN, { mode: 'dry-run' }), ['dry_run']);
  assert.equal(phase(), 'cooling');
  assert.deepEqual(looks(58, UNEVEN, { mode: 'dry-run' }), []);
  assert.deepEqual(looks(11, UNEVEN, { mode: 'dry-run' }), ['dry_run']);
});

test('[R28] off moves nobody, and ends what was under way', () => {
  const { looks } = watching();
  assert.deepEqual(looks(30, UNEVEN, { mode: 'off' }), []);
  looks(9, UNEVEN);
  assert.deepEqual(looks(3, UNEVEN, { mode: 'off' }), ['postponed']);
});

test('[R28] who asks for it now does not wait, not even for the cool-down, and hears why where it cannot be', () => {
  const { look, looks } = watching();
  assert.equal(look([460, 370, 370], { isAsked: true }), 'shed');
  looks(5, EVEN);
  assert.equal(look(UNEVEN, { isAsked: true }), 'shed');
  looks(5, EVEN);
  assert.equal(look(EVEN, { isAsked: true }), 'even');
  assert.equal(look('scale_in', { isAsked: true }), 'postponed');
  assert.equal(look(UNEVEN, { isAsked: true, mode: 'off' }), 'postponed');
  assert.equal(look(UNEVEN, { isAsked: true, mode: 'dry-run' }), 'dry_run');
});
