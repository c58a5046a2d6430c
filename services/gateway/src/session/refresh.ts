import type { ErrorKind, Refresh } from '@kittiwake/protocol';
import type { Identity } from '../auth/identity.ts';
import {
  armExpiry,
  expiresInMs,
  type InPhase,
  stay,
  type Transition,
  type TransitionContext,
} from './transition-steps.ts';

/** Asks for the token to be verified, one at a time (SPEC S5). */
export function startRefresh(state: InPhase<'connected'>, { ref, token }: Refresh): Transition {
  if (state.refreshing !== undefined) {
    return {
      state,
      effects: [{ effect: 'fail', kind: 'rate_limited', message: 'a refresh is under way', ref }],
    };
  }
  return { state: { ...state, refreshing: ref }, effects: [{ effect: 'verify', token }] };
}

/** The new token counts from here on, if it is of the same user. */
export function finishRefresh(
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
      { effect: 'send', message: { type: 'refreshed', ref, expiresInMs: expiresInMs(identity, context) } },
    ],
  };
}

/** A refresh that fails changes nothing: the old token still counts until it expires. */
export function failRefresh(
  state: InPhase<'connected'>,
  { kind, message }: { readonly kind: ErrorKind; readonly message: string },
): Transition {
  if (state.refreshing === undefined) return stay(state);
  const effect = { effect: 'fail', kind, message, ref: state.refreshing } as const;
  return { state: { ...state, refreshing: undefined }, effects: [effect] };
}
