import type { RebalanceRules } from './rebalance-rules.ts';
import { isWithin, type Load, meanOf } from './spread.ts';

/** Sessions that a gateway shall shed. */
export type Move = { readonly id: string; readonly sessions: number };

/**
 * What bounds a plan. `budgets`: how many sessions a gateway may still shed, where it has shed some already. `arrivedShare`: how many of
 * those that move go to where sessions are missing, as far as that was seen; 1 where nothing was.
 */
export type MoveBounds = Pick<RebalanceRules, 'withinShare' | 'shareMax'> & {
  readonly budgets?: ReadonlyMap<string, number> | undefined;
  readonly arrivedShare?: number | undefined;
};

/**
 * [R25] Who sheds how many: the fewest sessions that bring everybody within half of `withinShare` of the mean if those that move
 * go where sessions are missing, taken from the fullest only, as water is: those that shed are level afterwards, not below the mean, and
 * nobody who does not has more. Empty where everybody is within `withinShare`.
 */
export function planMoves(loads: readonly Load[], bounds: MoveBounds): readonly Move[] {
  if (isWithin(loads, bounds.withinShare)) return [];
  const fullestFirst = [...loads].sort((a, b) => b.sessions - a.sessions || (a.id < b.id ? -1 : 1));
  const need = needOf(loads, bounds.withinShare) / (bounds.arrivedShare ?? 1);
  const level = Math.max(meanOf(loads), levelOf(fullestFirst, need));
  return fullestFirst
    .map(load => ({ id: load.id, sessions: boundedShed(load, load.sessions - level, bounds) }))
    .filter(({ sessions }) => sessions > 0);
}

/** How many sessions are too many above, or too few below, whichever is more. */
function needOf(loads: readonly Load[], withinShare: number): number {
  const mean = meanOf(loads);
  const aim = Math.max(0.5, (withinShare / 2) * mean);
  const sum = (distance: (sessions: number) => number): number =>
    loads.reduce((total, { sessions }) => total + Math.max(0, distance(sessions)), 0);
  return Math.max(
    sum(sessions => sessions - (mean + aim)),
    sum(sessions => mean - aim - sessions),
  );
}

/** To which level the fullest come down when they give `need` sessions together. */
function levelOf(fullestFirst: readonly Load[], need: number): number {
  let sum = 0;
  for (const [index, { sessions }] of fullestFirst.entries()) {
    sum += sessions;
    const level = (sum - need) / (index + 1);
    if (level >= (fullestFirst[index + 1]?.sessions ?? 0)) return level;
  }
  return 0;
}

function boundedShed(load: Load, excess: number, { shareMax, budgets }: MoveBounds): number {
  const budget = budgets === undefined ? load.sessions : (budgets.get(load.id) ?? 0);
  const sessions = Math.min(Math.round(excess), Math.ceil(load.sessions * shareMax), budget);
  return Math.max(0, sessions);
}
