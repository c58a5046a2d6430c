import { assertNever } from '@kittiwake/base';
import {
  type ClientMessage,
  type CloseCode,
  type Connect,
  type ErrorKind,
  PROTOCOL_VERSION,
  type Ref,
  type Refresh,
  type SessionId,
} from '@kittiwake/protocol';
import type { Identity } from '../auth/identity.ts';
import type { AuthFailure } from '../auth/token-verifier.ts';
import type { SessionEffect } from './effects.ts';
import type { SessionState } from './session-state.ts';

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

/** What a transition must know besides state and event. */
export type TransitionContext = {
  readonly nowMs: number;
  readonly gateway: string;
  readonly connectTimeoutMs: number;
  readonly expiryGraceMs: number;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly messageBytesMax: number;
};

export type Transition = { readonly state: SessionState; readonly effects: readonly SessionEffect[] };

/** The largest delay that a timer takes (2^31 − 1 ms): a token that lives longer is looked at again then. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** The life of a session (SPEC S1–S7): pure and total. */
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

type InPhase<P extends SessionState['phase']> = Extract<SessionState, { phase: P }>;

function awaitingConnect(
  state: InPhase<'awaiting-connect'>,
  event: SessionEvent,
  context: TransitionContext,
): Transition {
  switch (event.event) {
    case 'opened':
      return { state, effects: [{ effect: 'arm', afterMs: context.connectTimeoutMs }] };
    case 'connect':
      return startConnect(event.message, event.handshakeToken);
    case 'deadline':
      return close(4408);
    case 'request':
    case 'refresh':
      return close(4401);
    default:
      return stay(state);
  }
}

function startConnect(message: Connect, handshakeToken: string | undefined): Transition {
  if (message.protocol !== PROTOCOL_VERSION) return close(4406);
  const token = message.token ?? handshakeToken;
  if (token === undefined)
    return refuse({ kind: 'unauthenticated', message: 'a token is needed' }, message.ref);
  return {
    state: {
      phase: 'authenticating',
      ref: message.ref,
      continues: message.session,
      attempt: message.attempt,
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
    expiresAtMs: identity.expiresAtMs,
    pingIntervalMs: context.pingIntervalMs,
    pingTimeoutMs: context.pingTimeoutMs,
    messageBytesMax: context.messageBytesMax,
  } as const;
  return {
    state: { phase: 'connected', id, identity, attempt: state.attempt, refreshing: undefined },
    effects: [
      { effect: 'establish', id, identity, continued: state.continues === id, attempt: state.attempt },
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

function startRefresh(state: InPhase<'connected'>, { ref, token }: Refresh): Transition {
  if (state.refreshing !== undefined) {
    return {
      state,
      effects: [{ effect: 'fail', kind: 'rate_limited', message: 'a refresh is under way', ref }],
    };
  }
  return { state: { ...state, refreshing: ref }, effects: [{ effect: 'verify', token }] };
}

function finishRefresh(
  state: InPhase<'connected'>,
  identity: Identity,
  context: TransitionContext,
): Transition {
  if (state.refreshing === undefined) return stay(state);
  const ref = state.refreshing;
  if (identity.user !== state.identity.user) {
    return failRefresh(state, { kind: 'forbidden', message: 'the token is another user’s' });
  }
  return {
    state: { ...state, identity, refreshing: undefined },
    effects: [
      armExpiry(identity, context),
      { effect: 'send', message: { type: 'refreshed', ref, expiresAtMs: identity.expiresAtMs } },
    ],
  };
}

/** A refresh that fails changes nothing: the old token still counts until it expires. */
function failRefresh(
  state: InPhase<'connected'>,
  { kind, message }: { readonly kind: ErrorKind; readonly message: string },
): Transition {
  if (state.refreshing === undefined) return stay(state);
  const effect = { effect: 'fail', kind, message, ref: state.refreshing } as const;
  return { state: { ...state, refreshing: undefined }, effects: [effect] };
}

function isExpired(identity: Identity, { nowMs, expiryGraceMs }: TransitionContext): boolean {
  return nowMs >= identity.expiresAtMs + expiryGraceMs;
}

function armExpiry(identity: Identity, { nowMs, expiryGraceMs }: TransitionContext): SessionEffect {
  const remainingMs = identity.expiresAtMs + expiryGraceMs - nowMs;
  return { effect: 'arm', afterMs: Math.min(Math.max(remainingMs, 0), TIMER_MAX_MS) };
}

function refuse({ kind, message }: AuthFailure, ref: Ref): Transition {
  const code = kind === 'token_expired' ? 4402 : 4401;
  const closing = close(code);
  return { ...closing, effects: [{ effect: 'fail', kind, message, ref }, ...closing.effects] };
}

function close(code: CloseCode): Transition {
  return { state: { phase: 'closed', code }, effects: [{ effect: 'disarm' }, { effect: 'close', code }] };
}

function stay(state: SessionState): Transition {
  return { state, effects: [] };
}
