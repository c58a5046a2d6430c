import { handoverRate } from '../gateways/handover.ts';
import type { Move } from './plan-moves.ts';
import type { RebalanceRules } from './rebalance-rules.ts';
import { type Load, meanOf } from './spread.ts';

/** A move, and how many of its sessions are told per second. */
export type PacedMove = Move & { readonly perSecond: number };

/**
 * [R26] How fast: all together no faster than the gateways below the mean take those who move, each in proportion to what it sheds, so that
 * all are done at the same time, and none faster than its own bound.
 */
export function paceMoves(
  moves: readonly Move[],
  loads: readonly Load[],
  rules: Pick<RebalanceRules, 'acceptPerSecond' | 'clusterPerSecondMax' | 'gatewayPerSecondMax'>,
): readonly PacedMove[] {
  const mean = meanOf(loads);
  const takers = loads.filter(({ sessions }) => sessions < mean).length;
  const together = Math.min(rules.clusterPerSecondMax, rules.acceptPerSecond * takers);
  const total = moves.reduce((sum, { sessions }) => sum + sessions, 0);
  return moves.map(move => {
    const fair = (together * move.sessions) / total;
    return { ...move, perSecond: handoverRate(Math.min(rules.gatewayPerSecondMax, fair)) };
  });
}
