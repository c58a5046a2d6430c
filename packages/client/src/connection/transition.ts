import { assertNever, type Millis, type Random } from '@kittiwake/base';
import type { ConnectionEffect, ConnectionEvent, TimerName } from './connection-event.ts';
import type { ConnectionPolicy } from './connection-policy.ts';
import {
  type ConnectionState,
  type Ending,
  type Keepsake,
  NO_OUTAGE,
  type Outage,
} from './connection-state.ts';
import { forgetToken } from './keepsake.ts';
import { refreshDelay } from './refresh-delay.ts';
import { endingOfClose, planRetry } from './retry-plan.ts';

/** What a transition may know besides state and event. */
export type TransitionContext = {
  readonly policy: ConnectionPolicy;
  readonly random: Random;
  /** Monotonic time. */
  readonly nowMs: Millis;
  /** Wall-clock time, milliseconds since 1970; only compared with the expiry of tokens. */
  readonly wallNowMs: number;
};

/** The state that follows, and what the shell does. Timers of the old phase end before the effects run. */
export type Step = { readonly state: ConnectionState; readonly effects: readonly ConnectionEffect[] };

type In<P extends ConnectionState['phase']> = Extract<ConnectionState, { phase: P }>;

const CLIENT_CLOSED: Ending = { reason: 'normal', code: 1000, retry: 'never' };
const TOKEN_FAILED: Ending = { reason: 'token_failed', retry: 'backoff' };
const TOKEN_REFUSED: Ending = { reason: 'token_refused', retry: 'never' };

/** The next state for any event in any phase; total, and pure but for the random numbers that it draws. */
export function transition(state: ConnectionState, event: ConnectionEvent, context: TransitionContext): Step {
  if (event.type === 'close') return close(state);
  switch (state.phase) {
    case 'idle':
    case 'closed':
      return event.type === 'connect' ? attempt({}, NO_OUTAGE, context) : stay(state);
    case 'authorizing':
      return authorizing(state, event, context);
    case 'connecting':
      return connecting(state, event, context);
    case 'connected':
      return connected(state, event, context);
    case 'waiting':
      return waiting(state, event, context);
    default:
      return assertNever(state);
  }
}

function authorizing(state: In<'authorizing'>, event: ConnectionEvent, context: TransitionContext): Step {
  switch (event.type) {
    case 'token':
      return dial(state.keepsake, state.outage, { token: event.token, context });
    case 'token-failed':
      return fail(state, event.final ? TOKEN_REFUSED : TOKEN_FAILED, context);
    case 'timer':
      return event.timer === 'token' ? fail(state, TOKEN_FAILED, context) : stay(state);
    default:
      return stay(state);
  }
}

function connecting(state: In<'connecting'>, event: ConnectionEvent, context: TransitionContext): Step {
  switch (event.type) {
    case 'opened': {
      const session = state.keepsake.session;
      return stay(state, [
        { type: 'send-connect', token: state.token, ...(session === undefined ? {} : { session }) },
      ]);
    }
    case 'connected':
      return establish(state, event, context);
    case 'refused':
      return fail(
        state,
        { ...event.ending, first: { type: 'abandon', code: 1000, reason: event.ending.reason } },
        context,
      );
    case 'socket-closed':
      return fail(state, endingOfClose(event.code), context);
    case 'timer':
      if (event.timer !== 'connect') return stay(state);
      return giveUp(state, 4408, context);
    default:
      return stay(state);
  }
}

function connected(state: In<'connected'>, event: ConnectionEvent, context: TransitionContext): Step {
  switch (event.type) {
    case 'socket-closed':
      return fail(state, closedWhileLeaving(state, event.code, context), context);
    case 'goaway': {
      const delayMs = event.goaway.reconnectAfterMs;
      const next = { ...state, leaveAtMs: context.nowMs + delayMs };
      return stay(next, [startTimer('goaway', delayMs)]);
    }
    case 'token':
      return stay(state, [{ type: 'send-refresh', token: event.token }]);
    case 'refreshed': {
      const keepsake = { ...state.keepsake, token: event.token, tokenExpiresAtMs: event.expiresAtMs };
      const link = { ...state.link, expiresAtMs: event.expiresAtMs };
      return stay({ ...state, keepsake, link }, refreshTimer(event.expiresAtMs, context));
    }
    case 'token-failed':
    case 'refresh-failed':
      // The old token still holds: try again, a little closer to its end each time.
      return stay(state, refreshTimer(state.link.expiresAtMs, context));
    case 'hint':
      return stay(state, [{ type: 'probe' }, startTimer('probe', context.policy.probeTimeoutMs)]);
    case 'timer':
      return timerWhileConnected(state, event.timer, context);
    default:
      return stay(state);
  }
}

function timerWhileConnected(state: In<'connected'>, timer: TimerName, context: TransitionContext): Step {
  switch (timer) {
    case 'silence':
    case 'probe':
      return giveUp(state, 4440, context);
    case 'goaway':
      return giveUp(state, 4450, context);
    case 'stable':
      return stay({ ...state, outage: NO_OUTAGE });
    case 'refresh':
      return stay(state, [{ type: 'fetch-token' }]);
    default:
      return stay(state);
  }
}

function waiting(state: In<'waiting'>, event: ConnectionEvent, context: TransitionContext): Step {
  // A hint cuts the backoff short, but never the time that a gateway asked for.
  const hinted = event.type === 'hint' && state.ending.retryAfterMs === undefined;
  const due = event.type === 'timer' && event.timer === 'retry';
  return due || hinted || event.type === 'connect'
    ? attempt(state.keepsake, state.outage, context)
    : stay(state);
}

function close(state: ConnectionState): Step {
  const effects: ConnectionEffect[] =
    state.phase === 'connecting' || state.phase === 'connected' ? [abandon(1000)] : [];
  return { state: state.phase === 'closed' ? state : { phase: 'closed', ending: CLIENT_CLOSED }, effects };
}

/** Starts an attempt: with the token at hand where it is still good, else by fetching one. */
function attempt(keepsake: Keepsake, outage: Outage, context: TransitionContext): Step {
  const { token, tokenExpiresAtMs = Number.POSITIVE_INFINITY } = keepsake;
  const stale = context.policy.tokenRenewable && tokenExpiresAtMs <= context.wallNowMs;
  if (token !== undefined && !stale) return dial(keepsake, outage, { token, context });
  return {
    state: { phase: 'authorizing', keepsake, outage },
    effects: [startTimer('token', context.policy.tokenTimeoutMs), { type: 'fetch-token' }],
  };
}

function dial(
  keepsake: Keepsake,
  outage: Outage,
  with_: { token: string; context: TransitionContext },
): Step {
  const { token, context } = with_;
  return {
    state: { phase: 'connecting', keepsake, outage, token },
    effects: [startTimer('connect', context.policy.connectTimeoutMs), { type: 'dial' }],
  };
}

function establish(
  state: In<'connecting'>,
  event: Extract<ConnectionEvent, { type: 'connected' }>,
  context: TransitionContext,
): Step {
  const { link } = event;
  const keepsake = { session: link.session, token: state.token, tokenExpiresAtMs: link.expiresAtMs };
  const { failures, reauths } = state.outage;
  return {
    state: { phase: 'connected', keepsake, link, outage: { failures, reauths, suspended: false } },
    effects: [
      startTimer('silence', link.pingIntervalMs + link.pingTimeoutMs),
      startTimer('stable', context.policy.stableAfterMs),
      ...refreshTimer(link.expiresAtMs, context),
    ],
  };
}

/** A gateway that said when to come back is not asked sooner. */
function closedWhileLeaving(state: In<'connected'>, code: number, context: TransitionContext): Ending {
  const ending = endingOfClose(code);
  if (state.leaveAtMs === undefined || ending.retry === 'never') return ending;
  return { ...ending, retryAfterMs: Math.max(0, state.leaveAtMs - context.nowMs) };
}

function fail(
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
    failures: state.outage.failures + 1,
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
function giveUp(state: In<'connecting' | 'connected'>, code: number, context: TransitionContext): Step {
  return fail(state, { ...endingOfClose(code), first: abandon(code) }, context);
}

function refreshTimer(expiresAtMs: number, context: TransitionContext): readonly ConnectionEffect[] {
  if (!context.policy.tokenRenewable) return [];
  return [startTimer('refresh', refreshDelay(expiresAtMs, context.wallNowMs, context.random))];
}

function abandon(code: number): ConnectionEffect {
  return { type: 'abandon', code, reason: endingOfClose(code).reason };
}

function startTimer(timer: TimerName, delayMs: Millis): ConnectionEffect {
  return { type: 'start-timer', timer, delayMs };
}

function stay(state: ConnectionState, effects: readonly ConnectionEffect[] = []): Step {
  return { state, effects };
}
