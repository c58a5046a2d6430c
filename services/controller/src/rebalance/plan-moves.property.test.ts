import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planMoves } from './plan-moves.ts';
import { REBALANCE_RULES as RULES } from './rebalance-rules.ts';
import { isWithin, type Load, meanOf } from './spread.ts';

const SESSIONS = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 2, maxLength: 12 });
const loadsOf = (sessions: readonly number[]): readonly Load[] =>
  sessions.map((count, index) => ({ id: `gateway-${index}`, sessions: count }));
const movedBy = (loads: readonly Load[]): number =>
  planMoves(loads, RULES).reduce((sum, { sessions }) => sum + sessions, 0);

function everyFleet(claim: (loads: readonly Load[]) => void): void {
  fc.assert(fc.property(SESSIONS, sessions => claim(loadsOf(sessions))));
}

test('[R25] is empty exactly where everybody is within the share', () => {
  everyFleet(loads => {
    if (isWithin(loads, RULES.withinShare)) assert.deepEqual(planMoves(loads, RULES), []);
    else assert.ok(movedBy(loads) > 0);
  });
});

test('[R25] sheds from the fullest only: who sheds still has as many as who does not', () => {
  everyFleet(loads => {
    const moves = new Map(planMoves(loads, RULES).map(({ id, sessions }) => [id, sessions]));
    const left = loads
      .filter(({ id }) => moves.has(id))
      .map(({ id, sessions }) => sessions - (moves.get(id) ?? 0));
    const others = loads.filter(({ id }) => !moves.has(id)).map(({ sessions }) => sessions);
    // One of both is rounding.
    assert.ok(Math.min(...left) >= Math.max(0, ...others) - 1);
  });
});

test('[R25] nobody sheds below the mean, nor more than half of what it has', () => {
  everyFleet(loads => {
    for (const { id, sessions } of planMoves(loads, RULES)) {
      const before = loads.find(load => load.id === id)?.sessions ?? 0;
      assert.ok(sessions <= Math.ceil(before * RULES.shareMax));
      assert.ok(before - sessions >= meanOf(loads) - 1);
    }
  });
});

test('[R25] moves no more than levelling everybody would take', () => {
  everyFleet(loads => {
    const mean = meanOf(loads);
    const whole = loads.reduce((sum, { sessions }) => sum + Math.max(0, sessions - mean), 0);
    assert.ok(movedBy(loads) <= Math.ceil(whole) + loads.length);
  });
});

test('[R25] sheds more where few of the moved arrive, and never below the mean', () => {
  everyFleet(loads => {
    const mean = meanOf(loads);
    const moves = planMoves(loads, { ...RULES, arrivedShare: 0.3 });
    const moved = moves.reduce((sum, { sessions }) => sum + sessions, 0);
    assert.ok(moved >= movedBy(loads));
    for (const { id, sessions } of moves)
      assert.ok((loads.find(load => load.id === id)?.sessions ?? 0) - sessions >= mean - 1);
  });
});

test('[R25] a gateway sheds no more than its budget, and nothing without one', () => {
  everyFleet(loads => {
    const budgets = new Map(
      loads.map(({ id, sessions }, index) => [id, index % 2 === 0 ? 0 : Math.floor(sessions / 3)]),
    );
    for (const { id, sessions } of planMoves(loads, { ...RULES, budgets }))
      assert.ok(sessions <= (budgets.get(id) ?? 0));
  });
});
