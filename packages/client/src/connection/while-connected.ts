import type { Goaway } from '@kittiwake/protocol';
import type { ConnectionEvent, TimerName } from './connection-event.ts';
import { type Ending, type Link, NO_OUTAGE } from './connection-state.ts';
import { endingOfClose } from './retry-plan.ts';
import {
  fail,
  giveUp,
  type In,
  refreshTimer,
  type Step,
  standingTimers,
  startTimer,
  stay,
  type TransitionContext,
} from './step.ts';

/** What follows an event on a connection that stands. */
export function whileConnected(
  state: In<'connected'>,
  event: ConnectionEvent,
  context: TransitionContext,
): Step {
  switch (event.type) {
    case 'socket-closed':
      return fail(state, closedWhileLeaving(state, event.code, context), context);
    case 'goaway':
      return askedToLeave(state, event.goaway, context);
    case 'moved':
      return moved(state, event.link, context);
    case 'token':
      return stay(state, [{ type: 'send-refresh', token: event.token }]);
    case 'refreshed': {
      const expiresAtMs = context.nowMs + event.expiresInMs;
      const keepsake = { ...state.keepsake, token: event.token, tokenExpiresAtMs: expiresAtMs };
      return stay(
        { ...state, keepsake, link: { ...state.link, expiresAtMs } },
        refreshTimer(expiresAtMs, context),
      );
    }
    case 'token-failed':
    case 'refresh-failed':
      // The old token still holds: try again, a little closer to its end each time.
      return stay(state, refreshTimer(state.link.expiresAtMs, context));
    case 'hint':
      return awake(state, context);
    case 'timer':
      return timerWhileConnected(state, event.timer, context);
    default:
      return stay(state);
  }
}

/** Where there is time to be welcome elsewhere first it is used; the connection is given up when that time is over. */
function askedToLeave(
  state: In<'connected'>,
  { reconnectAfterMs, closeAfterMs = reconnectAfterMs }: Goaway,
  context: TransitionContext,
): Step {
  return stay({ ...state, leaveAtMs: context.nowMs + reconnectAfterMs }, [
    startTimer('goaway', closeAfterMs),
    ...(closeAfterMs > reconnectAfterMs ? [{ type: 'move', afterMs: reconnectAfterMs } as const] : []),
  ]);
}

/** The connection is another one from here on, and nothing was interrupted. */
function moved({ keepsake, outage }: In<'connected'>, link: Link, context: TransitionContext): Step {
  return {
    state: {
      phase: 'connected',
      keepsake: { ...keepsake, session: link.session, tokenExpiresAtMs: link.expiresAtMs },
      link,
      outage,
    },
    effects: [
      { type: 'cancel-timer', timer: 'goaway' },
      { type: 'cancel-timer', timer: 'probe' },
      ...standingTimers(link, context),
    ],
  };
}

function timerWhileConnected(state: In<'connected'>, timer: TimerName, context: TransitionContext): Step {
  switch (timer) {
    case 'wake':
      return awake(state, context);
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

/**
 * The user, the network or the machine is back: nobody knows what was missed. A probe finds out whether the gateway is
 * still there, and the token is looked at anew, since its timer may have slept as well. Where the clock has slept with it,
 * a token that is over looks good: then the gateway has closed, or does so now, and a new one is fetched for that (SPEC K2, S4).
 */
function awake(state: In<'connected'>, context: TransitionContext): Step {
  const { expiresAtMs } = state.link;
  const isExpired = context.policy.tokenRenewable && expiresAtMs <= context.nowMs;
  return stay(state, [
    { type: 'probe' },
    startTimer('probe', context.policy.probeTimeoutMs),
    ...(isExpired ? [{ type: 'fetch-token' } as const] : refreshTimer(expiresAtMs, context)),
  ]);
}

/** A gateway that said when to come back is not asked sooner. */
function closedWhileLeaving(state: In<'connected'>, code: number, context: TransitionContext): Ending {
  const ending = endingOfClose(code);
  if (state.leaveAtMs === undefined || ending.retry === 'never') return ending;
  return { ...ending, retryAfterMs: Math.max(0, state.leaveAtMs - context.nowMs) };
}
