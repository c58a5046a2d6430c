import type { Millis } from '@kittiwake/base';
import type { Census, Obstacle } from './census.ts';
import { paceMoves } from './pace-moves.ts';
import { type MoveBounds, planMoves } from './plan-moves.ts';
import type { RebalanceRules } from './rebalance-rules.ts';
import {
  CALM,
  type Decision,
  type Observation,
  type RebalanceState,
  type RebalanceStep,
} from './rebalance-state.ts';
import { deviationOf, isWithin, missingOf, spreadOf } from './spread.ts';

type Moving = RebalanceState & { readonly phase: 'moving' };
/** An observation with numbers. */
type Counted = Observation & { readonly census: Census };

/** [R24] One look further; pure and total. */
export function rebalanceTransition(
  state: RebalanceState,
  observation: Observation,
  rules: RebalanceRules,
): RebalanceStep {
  const { census, mode, isAsked } = observation;
  if (typeof census === 'string' || mode === 'off') {
    const why = typeof census === 'string' ? census : 'off';
    // A number that is missing for a moment ends nothing that is under way.
    if (why === 'unknown' && state.phase === 'moving') return stay(state);
    const postponed: Decision | undefined =
      isAsked || state.phase === 'moving' ? { kind: 'postponed', why } : undefined;
    return { state: restFrom(why, state, observation.nowMs + rules.coolDownMs), decision: postponed };
  }
  const counted = { ...observation, census };
  if (state.phase === 'moving') return moving(state, counted, rules);
  // [R27] Somebody's shed is under way: an earlier leader's, which this one does not know of.
  if (census.sheddingLeft !== undefined) return stay(adopt(counted));
  return isAsked ? asked(state, counted, rules) : resting(state, counted, rules);
}

/** Clients that moved for a rollout or a drain shall not move again right after it, however uneven it has left them. */
function restFrom(why: Obstacle | 'off', state: RebalanceState, untilMs: Millis): RebalanceState {
  if (why === 'rollout' || why === 'leaving') return { phase: 'cooling', untilMs, members: undefined };
  return state.phase === 'cooling' ? state : CALM;
}

/** Nobody is on the move. */
function resting(state: RebalanceState, observation: Counted, rules: RebalanceRules): RebalanceStep {
  const { nowMs, census } = observation;
  const ids = census.loads.map(({ id }) => id);
  if (state.phase === 'cooling' && nowMs < state.untilMs) {
    const { members = ids } = state;
    // A gateway that was added since is worth a move.
    if (ids.every(id => members.includes(id))) return stay({ ...state, members });
  }
  if (!isTooUneven(census, rules)) return stay(CALM);
  const members = ids.join(' ');
  const isSame = state.phase === 'suspecting' && state.members === members;
  if (isSame && census.seenAtMs <= state.seenAtMs) return stay(state);
  const sinceMs = isSame ? state.sinceMs : nowMs;
  const observations = isSame ? state.observations + 1 : 1;
  if (observations < rules.observationsMin || nowMs - sinceMs < rules.holdMs)
    return stay({ phase: 'suspecting', sinceMs, observations, members, seenAtMs: census.seenAtMs });
  return begin(observation, rules);
}

function asked(state: RebalanceState, observation: Counted, rules: RebalanceRules): RebalanceStep {
  const { census } = observation;
  if (isWithin(census.loads, rules.withinShare))
    return { state, decision: { kind: 'even', spread: spreadOf(census.loads) } };
  return begin(observation, rules);
}

function isTooUneven({ loads }: Census, { beginShare, sessionsMin }: RebalanceRules): boolean {
  return spreadOf(loads) > beginShare && deviationOf(loads) >= sessionsMin;
}

function begin(observation: Counted, rules: RebalanceRules): RebalanceStep {
  const { nowMs, census, mode } = observation;
  const budgets = new Map(census.loads.map(({ id, sessions }) => [id, sessions]));
  const decision = decide(census, 1, { ...rules, budgets });
  if (decision === undefined) return stay(CALM);
  if (mode === 'dry-run') {
    return { state: cool(observation, rules), decision: { ...decision, kind: 'dry_run' } };
  }
  const missing = missingOf(census.loads);
  return shed(decision, { beganAtMs: nowMs, askedAtMs: nowMs, budgets, missing, moved: 0 });
}

type Shed = Decision & { readonly kind: 'shed' | 'dry_run' };

function decide({ loads }: Census, pass: number, bounds: RebalanceRules & MoveBounds): Shed | undefined {
  const moves = paceMoves(planMoves(loads, bounds), loads, bounds);
  return moves.length === 0 ? undefined : { kind: 'shed', spread: spreadOf(loads), pass, moves };
}

/** Waits until what was asked for is done and the moved have arrived, and looks whether it was enough. */
function moving(state: Moving, observation: Counted, rules: RebalanceRules): RebalanceStep {
  const { nowMs, census, mode } = observation;
  if (nowMs - state.beganAtMs > rules.movingMaxMs) return end('gave_up', observation, rules);
  // [R27] Numbers from before the shed would have it asked for twice.
  if (census.seenAtMs <= state.askedAtMs) return stay(state);
  if (census.sheddingLeft !== undefined) return stay({ ...state, quietSinceMs: undefined });
  const quietSinceMs = state.quietSinceMs ?? census.seenAtMs;
  if (census.seenAtMs - quietSinceMs < rules.settleMs) return stay({ ...state, quietSinceMs });
  if (isWithin(census.loads, rules.withinShare)) return end('done', observation, rules);
  const arrivedShare = arrivedShareOf(state, census);
  const isOver = state.pass >= rules.passesMax || mode === 'dry-run' || arrivedShare < rules.arrivedShareMin;
  const bounds = { ...rules, budgets: state.budgets, arrivedShare };
  const decision = isOver ? undefined : decide(census, state.pass + 1, bounds);
  if (decision === undefined) return end('gave_up', observation, rules);
  return shed(decision, { ...state, askedAtMs: nowMs });
}

/** Fewer moved than this tell nothing: where they went is chance. */
const MOVED_MIN = 20;

/** What share of those that moved went to where sessions were missing. */
function arrivedShareOf({ moved, missing }: Moving, { loads }: Census): number {
  return moved < MOVED_MIN ? 1 : Math.min(1, (missing - missingOf(loads)) / moved);
}

/** Sessions that came by an earlier shed are not in the budget, so that nobody moves twice: a gateway sheds who came first. */
function shed(
  decision: Shed,
  over: Pick<Moving, 'beganAtMs' | 'askedAtMs' | 'budgets' | 'missing' | 'moved'>,
): RebalanceStep {
  const left = new Map(over.budgets);
  let moved = over.moved;
  for (const { id, sessions } of decision.moves) {
    left.set(id, (left.get(id) ?? 0) - sessions);
    moved += sessions;
  }
  const state = {
    ...over,
    phase: 'moving',
    pass: decision.pass,
    quietSinceMs: undefined,
    budgets: left,
    moved,
  } as const;
  return { state, decision };
}

/** A shed that this leader did not ask for: it is waited for like one of its own. */
function adopt({ nowMs, census }: Counted): Moving {
  return {
    phase: 'moving',
    pass: 1,
    beganAtMs: nowMs,
    askedAtMs: nowMs,
    quietSinceMs: undefined,
    budgets: new Map(census.loads.map(({ id, sessions }) => [id, sessions])),
    moved: census.sheddingLeft ?? 0,
    missing: missingOf(census.loads),
  };
}

function end(kind: 'done' | 'gave_up', observation: Counted, rules: RebalanceRules): RebalanceStep {
  const decision: Decision = { kind, spread: spreadOf(observation.census.loads) };
  return { state: cool(observation, rules), decision };
}

function cool({ nowMs, census }: Counted, { coolDownMs }: RebalanceRules): RebalanceState {
  return { phase: 'cooling', untilMs: nowMs + coolDownMs, members: census.loads.map(({ id }) => id) };
}

function stay(state: RebalanceState): RebalanceStep {
  return { state, decision: undefined };
}
