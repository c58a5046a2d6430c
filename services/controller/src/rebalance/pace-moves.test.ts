import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paceMoves } from './pace-moves.ts';
import { REBALANCE_RULES } from './rebalance-rules.ts';

const loadsOf = (...sessions: number[]) =>
  sessions.map((count, index) => ({ id: String(index), sessions: count }));
const MOVES = [
  { id: '0', sessions: 300 },
  { id: '1', sessions: 100 },
];

test('[R26] all together no faster than the emptier gateways take those who move, and all done at the same time', () => {
  const rules = { ...REBALANCE_RULES, acceptPerSecond: 100 };
  const moves = paceMoves(MOVES, loadsOf(900, 700, 0, 0), rules);
  assert.deepEqual(
    moves.map(({ perSecond }) => perSecond),
    [150, 50],
  );
});

test('[R26] no gateway faster than its own bound, and the cluster within its', () => {
  const rules = {
    ...REBALANCE_RULES,
    acceptPerSecond: 10_000,
    gatewayPerSecondMax: 200,
    clusterPerSecondMax: 240,
  };
  const moves = paceMoves(MOVES, loadsOf(900, 700, 0, 0), rules);
  assert.deepEqual(
    moves.map(({ perSecond }) => perSecond),
    [180, 60],
  );
  const [fast] = paceMoves(MOVES, loadsOf(900, 700, 0, 0), { ...rules, clusterPerSecondMax: 10_000 });
  assert.equal(fast?.perSecond, 200);
});

test('[R26] nothing to move takes no pace', () => {
  assert.deepEqual(paceMoves([], loadsOf(1, 1), REBALANCE_RULES), []);
});
