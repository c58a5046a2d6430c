import { assertNever } from '@kittiwake/base';
import type {
  ElectionEffect,
  ElectionEvent,
  ElectionRules,
  ElectionState,
  LeaseRecord,
  Observation,
} from './election-state.ts';

/** A state, and what to do on the way into it. */
export type Step = { readonly state: ElectionState; readonly effects: readonly ElectionEffect[] };

/**
 * One step of the election, pure and total; `nowMs` is monotonic.
 * [R2] A follower takes a Lease only after it saw the very same record for a whole lease duration by its own clock.
 * [R3] A leader stops by its own clock `renewDeadlineMs` after its last successful renewal began, before anybody else may start.
 */
export function transition(
  state: ElectionState,
  event: ElectionEvent,
  now: { readonly nowMs: number; readonly rules: ElectionRules },
): Step {
  switch (state.phase) {
    case 'following':
      return following(state.seen, event, now);
    case 'leading':
      return leading(state, event, now);
    case 'releasing':
      return event.kind === 'wrote' || event.kind === 'failed' || event.kind === 'lost-race'
        ? stay({ phase: 'stopped' })
        : stay(state);
    case 'stopped':
      return stay(state);
    default:
      return assertNever(state);
  }
}

/** [R3] Whether this replica may act: it leads, and by its own clock nobody else can have begun to. */
export function holds(state: ElectionState, nowMs: number, rules: ElectionRules): boolean {
  return state.phase === 'leading' && nowMs - state.renewedAtMs < rules.renewDeadlineMs;
}

type Now = { readonly nowMs: number; readonly rules: ElectionRules };

function following(seen: Observation | undefined, event: ElectionEvent, now: Now): Step {
  switch (event.kind) {
    case 'tick':
      return { state: { phase: 'following', seen }, effects: [{ kind: 'read' }] };
    case 'read':
      return event.record === undefined
        ? { state: { phase: 'following', seen: undefined }, effects: [{ kind: 'create' }] }
        : judge(seen, event.record, now);
    case 'wrote': {
      const state: ElectionState = { phase: 'leading', record: event.record, renewedAtMs: event.beganAtMs };
      // A write that took longer than the deadline won nothing that we may still use: the next tick finds out who leads.
      return holds(state, now.nowMs, now.rules)
        ? { state, effects: [{ kind: 'won' }] }
        : stay({ phase: 'following', seen: undefined });
    }
    case 'lost-race':
    case 'failed':
      return stay({ phase: 'following', seen });
    case 'stop':
      return stay({ phase: 'stopped' });
    default:
      return assertNever(event);
  }
}

function judge(seen: Observation | undefined, record: LeaseRecord, { nowMs, rules }: Now): Step {
  const sinceMs = seen !== undefined && isSame(seen.record, record) ? seen.sinceMs : nowMs;
  const state: ElectionState = { phase: 'following', seen: { record, sinceMs } };
  const durationMs = Math.max(record.durationMs, rules.durationMs);
  const isFree = record.holder === '' || record.holder === rules.identity || nowMs - sinceMs >= durationMs;
  if (!isFree) return stay(state);
  const transitions = record.holder === rules.identity ? record.transitions : record.transitions + 1;
  return { state, effects: [{ kind: 'update', over: record, transitions }] };
}

function leading(state: ElectionState & { phase: 'leading' }, event: ElectionEvent, now: Now): Step {
  if (event.kind === 'stop') {
    return {
      state: { phase: 'releasing', record: state.record },
      effects: [lost('stopping'), { kind: 'release', over: state.record }],
    };
  }
  if (event.kind === 'wrote')
    return stay({ phase: 'leading', record: event.record, renewedAtMs: event.beganAtMs });
  if (event.kind === 'read' && event.record !== undefined && event.record.holder !== now.rules.identity) {
    return {
      state: { phase: 'following', seen: { record: event.record, sinceMs: now.nowMs } },
      effects: [lost('taken')],
    };
  }
  if (!holds(state, now.nowMs, now.rules))
    return { state: { phase: 'following', seen: undefined }, effects: [lost('deadline')] };
  switch (event.kind) {
    case 'tick':
      return {
        state,
        effects: [{ kind: 'update', over: state.record, transitions: state.record.transitions }],
      };
    case 'read':
      // After a lost race: the record is still ours, only its version moved (somebody edited the Lease).
      return event.record === undefined ? stay(state) : stay({ ...state, record: event.record });
    case 'lost-race':
      return { state, effects: [{ kind: 'read' }] };
    case 'failed':
      return stay(state);
    default:
      return assertNever(event);
  }
}

function isSame(a: LeaseRecord, b: LeaseRecord): boolean {
  return a.holder === b.holder && a.renewTime === b.renewTime && a.transitions === b.transitions;
}

function lost(reason: 'deadline' | 'taken' | 'stopping'): ElectionEffect {
  return { kind: 'lost', reason };
}

function stay(state: ElectionState): Step {
  return { state, effects: [] };
}
