import type { Millis, Random } from '@kittiwake/base';
import type { ConnectionEffect, TimerName } from './connection-event.ts';
import type { ConnectionPolicy } from './connection-policy.ts';
import type { ConnectionState, Ending, Link, Outage } from './connection-state.ts';
import { forgetToken } from './keepsake.ts';
import { refreshDelay } from './refresh-delay.ts';
import { endingOfClose, planRetry } from './retry-plan.ts';

/** What a transition may know besides state and event. */
export type TransitionContext = {
  readonly policy: ConnectionPolicy;
  readonly random: Random;
  /** Monotonic time; what a wall clock says decides nothing, as it may be wrong and may be set. */
  readonly nowMs: Millis;
};

/** The close code of an attempt to which nobody answered in time (SPEC, close table). */
export const CONNECT_TIMEOUT = 4408;

/** The state that follows, and what the shell does. Timers of the old phase end before the effects run. */
export type Step = { readonly state: ConnectionState; readonly effects: readonly ConnectionEffect[] };

/** The state of one phase. */
export type In<P extends ConnectionState['phase']> = Extract<ConnectionState, { phase: P }>;

/** Ends an attempt or a connection: what follows is as the close table says, or nothing. */
export function fail(
  state: In<'authorizing' | 'connecting' | 'connected'>,
  failure: Ending & { readonly first?: ConnectionEffect },
  context: TransitionContext,
): Step {
  const { first, ...ending } = failure;
  const before = first === undefined ? [] : [first];
  const plan = planRetry(ending, state.outage, context);
  if (plan.next === 'stop') return { state: { phase: 'closed', ending }, effects: before };
  const sinceMs = state.outage.sinceMs ?? context.nowMs;
  const outage: Outage = {
    ...state.outage,
    failures: state.outage.failures + 1,
    timeouts: (state.outage.timeouts ?? 0) + (ending.code === CONNECT_TIMEOUT ? 1 : 0),
    reauths: plan.reauth ? state.outage.reauths + 1 : state.outage.reauths,
    sinceMs,
    suspended: context.nowMs - sinceMs >= context.policy.suspendAfterMs,
  };
  return {
    state: {
      phase: 'waiting',
      keepsake: plan.reauth ? forgetToken(state.keepsake) : state.keepsake,
      outage,
      ending,
      delayMs: plan.delayMs,
    },
    effects: [...before, startTimer('retry', plan.delayMs)],
  };
}

/** Ends a connection from this side, with the reason of a code of the table. */
export function giveUp(
  state: In<'connecting' | 'connected'>,
  code: number,
  context: TransitionContext,
): Step {
  return fail(state, { ...endingOfClose(code), first: abandon(code) }, context);
}

/** Fetches the next token before this one expires; with a fixed token there is none. */
export function refreshTimer(expiresAtMs: Millis, context: TransitionContext): readonly ConnectionEffect[] {
  if (!context.policy.tokenRenewable) return [];
  return [startTimer('refresh', refreshDelay(expiresAtMs - context.nowMs, context.random))];
}

/** The timers of a connection that stands: for its silence, for having stood long enough, and for its token. */
export function standingTimers(
  { pingIntervalMs, pingTimeoutMs, expiresAtMs }: Link,
  context: TransitionContext,
): readonly ConnectionEffect[] {
  return [
    startTimer('silence', pingIntervalMs + pingTimeoutMs),
    startTimer('stable', context.policy.stableAfterMs),
    ...refreshTimer(expiresAtMs, context),
  ];
}

/** Forgets the socket, with a code of the table. */
export function abandon(code: number): ConnectionEffect {
  return { type: 'abandon', code, reason: endingOfClose(code).reason };
}

/** Starts a timer of the phase. */
export function startTimer(timer: TimerName, delayMs: Millis): ConnectionEffect {
  return { type: 'start-timer', timer, delayMs };
}

/** Nothing follows, but for the effects. */
export function stay(state: ConnectionState, effects: readonly ConnectionEffect[] = []): Step {
  return { state, effects };
}
