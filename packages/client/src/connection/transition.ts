import { assertNever } from '@kittiwake/base';
import type { ConnectionEffect, ConnectionEvent } from './connection-event.ts';
import {
  type ConnectionState,
  type Ending,
  type Keepsake,
  NO_OUTAGE,
  type Outage,
} from './connection-state.ts';
import { endsTooSoon } from './refresh-delay.ts';
import { endingOfClose } from './retry-plan.ts';
import {
  abandon,
  CONNECT_TIMEOUT,
  fail,
  giveUp,
  type In,
  type Step,
  standingTimers,
  startTimer,
  stay,
  type TransitionContext,
} from './step.ts';
import { turnedAway } from './turned-away.ts';
import { whileConnected } from './while-connected.ts';

/** An attempt may come to take four times as long as the first one. */
const DOUBLINGS_MAX = 2;

const CLIENT_CLOSED: Ending = { reason: 'normal', code: 1000, retry: 'never' };
const OVERLOAD: Ending = { reason: 'overload', retry: 'backoff' };
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
      return whileConnected(state, event, context);
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
        // Somebody is there: what is waited for now is a gateway, maybe with a crowd before us.
        connectTimer(state.outage, context),
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
    case 'goaway': {
      const told = turnedAway(event.goaway.reconnectAfterMs, 'goaway');
      return fail(state, { ...OVERLOAD, ...told, first: abandon(1000) }, context);
    }
    case 'socket-closed': {
      const { code, retryAfterMs } = event;
      if (retryAfterMs === undefined) return fail(state, endingOfClose(code), context);
      return fail(state, { ...OVERLOAD, ...turnedAway(retryAfterMs, 'retry-after') }, context);
    }
    case 'timer':
      if (event.timer !== 'connect') return stay(state);
      return giveUp(state, CONNECT_TIMEOUT, context);
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

/** Starts an attempt: with the token at hand where it is good for a while, else by fetching one. */
function attempt(keepsake: Keepsake, outage: Outage, context: TransitionContext): Step {
  const { token, tokenExpiresAtMs = Number.POSITIVE_INFINITY } = keepsake;
  const isOver = context.policy.tokenRenewable && endsTooSoon(tokenExpiresAtMs - context.nowMs);
  if (token !== undefined && !isOver) return dial(keepsake, outage, { token, context });
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
    effects: [connectTimer(outage, context), { type: 'dial', resumes: keepsake.session !== undefined }],
  };
}

/**
 * How long this attempt may take. Where a crowd waits for machines that are busy with it, whoever gives up after a short
 * time has its answer made in vain, and asks again: nobody would ever get one. So each time-out doubles the next one (SPEC K1).
 */
function connectTimer({ timeouts = 0 }: Outage, { policy }: TransitionContext): ConnectionEffect {
  const { connectTimeoutMs } = policy;
  return startTimer('connect', connectTimeoutMs * 2 ** Math.min(timeouts, DOUBLINGS_MAX));
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
    state: {
      phase: 'connected',
      keepsake,
      link,
      outage: { failures, carried: failures, reauths, suspended: false },
    },
    effects: standingTimers(link, context),
  };
}
