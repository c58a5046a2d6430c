import type { CloseCode, Ref } from '@kittiwake/protocol';
import type { Identity } from '../auth/identity.ts';
import type { SessionEffect } from './effects.ts';
import type { SessionSettings } from './session-deps.ts';
import type { SessionState } from './session-state.ts';

/** What a transition must know besides state and event. */
export type TransitionContext = { readonly nowMs: number } & Pick<
  SessionSettings,
  'gateway' | 'connectTimeoutMs' | 'expiryGraceMs' | 'pingIntervalMs' | 'pingTimeoutMs' | 'messageBytesMax'
>;

/** The state that follows, and what the shell does. */
export type Transition = { readonly state: SessionState; readonly effects: readonly SessionEffect[] };

/** The state of one phase. */
export type InPhase<P extends SessionState['phase']> = Extract<SessionState, { phase: P }>;

/** The largest delay that a timer takes (2^31 − 1 ms): a token that lives longer is looked at again then. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** What a peer is closed with whose `connect` was answered with an error. */
const CODE_OF_REFUSAL = { unauthenticated: 4401, token_expired: 4402, same_gateway: 4450 } as const;

/** Whether the token is over, grace included. */
export function isExpired(identity: Identity, { nowMs, expiryGraceMs }: TransitionContext): boolean {
  return nowMs >= identity.expiresAtMs + expiryGraceMs;
}

/** Looks again when the token expires, or as late as a timer can. */
export function armExpiry(identity: Identity, { nowMs, expiryGraceMs }: TransitionContext): SessionEffect {
  const remainingMs = identity.expiresAtMs + expiryGraceMs - nowMs;
  return { effect: 'arm', afterMs: Math.min(Math.max(remainingMs, 0), TIMER_MAX_MS) };
}

/**
 * What is left of the token for its client to know, in whole milliseconds and never more than there is (SPEC S5). A time of
 * day would have to be compared with the client's clock, which may be wrong.
 */
export function expiresInMs(identity: Identity, { nowMs }: TransitionContext): number {
  return Math.max(0, Math.floor(identity.expiresAtMs - nowMs));
}

/** Answers a `connect` with an error, and closes. */
export function refuse(
  { kind, message }: { readonly kind: keyof typeof CODE_OF_REFUSAL; readonly message: string },
  ref: Ref,
): Transition {
  const code = CODE_OF_REFUSAL[kind];
  const closing = close(code);
  return { ...closing, effects: [{ effect: 'fail', kind, message, ref }, ...closing.effects] };
}

/** Closes the peer. */
export function close(code: CloseCode): Transition {
  return { state: { phase: 'closed', code }, effects: [{ effect: 'disarm' }, { effect: 'close', code }] };
}

/** Nothing follows. */
export function stay(state: SessionState): Transition {
  return { state, effects: [] };
}
