import { assertNever } from '@kittiwake/base';
import {
  type ClientMessage,
  type Connect,
  PROTOCOL_VERSION,
  type Ref,
  type Refresh,
  type SessionId,
} from '@kittiwake/protocol';
import type { Identity } from '../auth/identity.ts';
import type { AuthFailure } from '../auth/token-verifier.ts';
import { failRefresh, finishRefresh, startRefresh } from './refresh.ts';
import type { SessionState } from './session-state.ts';
import {
  armExpiry,
  close,
  expiresInMs,
  type InPhase,
  isExpired,
  refuse,
  stay,
  type Transition,
  type TransitionContext,
} from './transition-steps.ts';

/** What happens to a session. Requests of a connected session are not here: they do not change its state. */
export type SessionEvent =
  | { readonly event: 'opened' }
  | { readonly event: 'connect'; readonly message: Connect; readonly handshakeToken: string | undefined }
  | { readonly event: 'refresh'; readonly message: Refresh }
  /** Anything else that a client may send. */
  | { readonly event: 'request'; readonly type: ClientMessage['type'] }
  | { readonly event: 'verified'; readonly identity: Identity; readonly id: SessionId }
  | { readonly event: 'refused'; readonly failure: AuthFailure }
  | { readonly event: 'deadline' }
  | { readonly event: 'closed'; readonly code: number };

/** The life of a session (SPEC S1–S7, S10): pure and total. */
export function transition(state: SessionState, event: SessionEvent, context: TransitionContext): Transition {
  if (event.event === 'closed')
    return { state: { phase: 'closed', code: event.code }, effects: [{ effect: 'disarm' }] };
  switch (state.phase) {
    case 'awaiting-connect':
      return awaitingConnect(state, event, context);
    case 'authenticating':
      return authenticating(state, event, context);
    case 'connected':
      return connected(state, event, context);
    case 'closed':
      return stay(state);
    default:
      return assertNever(state);
  }
}

function awaitingConnect(
  state: InPhase<'awaiting-connect'>,
  event: SessionEvent,
  context: TransitionContext,
): Transition {
  switch (event.event) {
    case 'opened':
      return { state, effects: [{ effect: 'arm', afterMs: context.connectTimeoutMs }] };
    case 'connect':
      return startConnect(event.message, event.handshakeToken, context);
    case 'deadline':
      return close(4408);
    case 'request':
    case 'refresh':
      return close(4401);
    default:
      return stay(state);
  }
}

function startConnect(
  message: Connect,
  handshakeToken: string | undefined,
  { gateway }: TransitionContext,
): Transition {
  if (message.protocol !== PROTOCOL_VERSION) return close(4406);
  if (message.from === gateway)
    return refuse(
      { kind: 'same_gateway', message: 'the session is about to leave this gateway' },
      message.ref,
    );
  const token = message.token ?? handshakeToken;
  if (token === undefined)
    return refuse({ kind: 'unauthenticated', message: 'a token is needed' }, message.ref);
  return {
    state: {
      phase: 'authenticating',
      ref: message.ref,
      continues: message.session,
      attempt: message.attempt,
      moves: message.from !== undefined,
    },
    effects: [{ effect: 'verify', token }],
  };
}

function authenticating(
  state: InPhase<'authenticating'>,
  event: SessionEvent,
  context: TransitionContext,
): Transition {
  switch (event.event) {
    case 'verified':
      return establish(state, event, context);
    case 'refused':
      return refuse(event.failure, state.ref);
    case 'deadline':
      return close(4408);
    case 'connect':
      return connectTwice(state, event.message.ref);
    // Requests and refreshes wait in the shell until it is known who asks (SPEC S2).
    default:
      return stay(state);
  }
}

function establish(
  state: InPhase<'authenticating'>,
  { identity, id }: { readonly identity: Identity; readonly id: SessionId },
  context: TransitionContext,
): Transition {
  const message = {
    type: 'connected',
    ref: state.ref,
    session: id,
    user: identity.user,
    gateway: context.gateway,
    expiresInMs: expiresInMs(identity, context),
    pingIntervalMs: context.pingIntervalMs,
    pingTimeoutMs: context.pingTimeoutMs,
    messageBytesMax: context.messageBytesMax,
  } as const;
  return {
    state: { phase: 'connected', id, identity, attempt: state.attempt, refreshing: undefined },
    effects: [
      {
        effect: 'establish',
        id,
        identity,
        // Where it moves from, its client closes it (S10).
        continued: state.continues === id && !state.moves,
        attempt: state.attempt,
      },
      armExpiry(identity, context),
      { effect: 'send', message },
    ],
  };
}

function connected(state: InPhase<'connected'>, event: SessionEvent, context: TransitionContext): Transition {
  switch (event.event) {
    case 'refresh':
      return startRefresh(state, event.message);
    case 'verified':
      return finishRefresh(state, event.identity, context);
    case 'refused':
      return failRefresh(state, event.failure);
    case 'deadline':
      return isExpired(state.identity, context)
        ? close(4402)
        : { state, effects: [armExpiry(state.identity, context)] };
    case 'connect':
      return connectTwice(state, event.message.ref);
    default:
      return stay(state);
  }
}

/** One `connect` per peer; a second one changes nothing (SPEC S9). */
function connectTwice(state: SessionState, ref: Ref): Transition {
  return {
    state,
    effects: [{ effect: 'fail', kind: 'malformed', message: 'this peer has sent its connect', ref }],
  };
}
